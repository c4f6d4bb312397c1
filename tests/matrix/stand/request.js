export const REQUEST = { text: "Don’t be late: “doors” open at seven", to: ["+447400123456", "US"], balance: "0.05" };
