// Messages to begin with: each shows one thing that makes a text cost more than it looks.

export const EXAMPLES = [
  {
    label: "161 characters",
    state: {
      text: "Hi Sam, your order 48213 is packed and leaves us tonight. It should reach you on Thursday between 9 and 12. Reply STOP to opt out, or HELP if you need a hand now",
      to: ["US"],
      balance: "0.01",
    },
  },
  {
    label: "One accent",
    state: { text: "Hola Ana, su cita con la doctora Ruiz queda confirmada para el martes a las 10:30. Si no puede venir, avísenos, por favor.", to: ["ES"], balance: "5.00" },
  },
  {
    label: "Curly quotes",
    state: { text: "Don’t forget: “early bird” tickets end tonight. We’d love to see you there on Saturday – doors open at seven.", to: ["GB"], balance: "5.00", smart: "off" },
  },
  {
    label: "Several countries",
    state: { text: "The board call moves to 15:00 UTC today. Same link as always, please confirm 👍", to: ["US", "GB", "DE", "JP"], balance: "5.00" },
  },
];
