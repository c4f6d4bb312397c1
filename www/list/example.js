// A list to try: made up here, the same every time, with what real lists have in them.

const FIRST = ["Ada", "José", "Zoë", "Łukasz", "Maria", "", "Kim", "Bob", "Jean-Pierre", "Anna Maria", "Conceição", "O’Neill", "Grace", "Søren", "Nguyễn", "Ines"];
const CITIES = [
  ["New York", (n) => `+1 212 555 ${tail(n)}`],
  ["Boston", (n) => `(617) 555-${tail(n)}`],
  ["Toronto", (n) => `+1 416 555 ${tail(n)}`],
  ["London", (n) => `+44 7400 1${String(n).padStart(5, "0")}`],
  ["Berlin", (n) => `+49 1511 234${tail(n)}`],
  ["Paris", (n) => `+33 6 12 34 ${tail(n)}`],
  ["San Juan", (n) => `+1 787 555 ${tail(n)}`],
];
/** Which city comes how often. */
const ORDER = [0, 0, 1, 3, 0, 2, 4, 1, 3, 5, 0, 6];
const ROWS = 2400;

const tail = (n) => String(n % 10_000).padStart(4, "0");

export const EXAMPLE_TEMPLATE = "Hi {{first_name|there}}, your table for {{party}} at the Harbour, {{city}}, is ready at 19:30. Please show this text at the door, and call us if you are late. See you soon!";
export const EXAMPLE_BALANCE = "60.00";

export function exampleList() {
  const rows = ["First name,Phone,City,Party,Unsubscribed"];
  for (let n = 0; n < ROWS; n += 1) {
    const [city, number] = CITIES[ORDER[n % ORDER.length]];
    const cell = n % 397 === 396 ? "4.474E+11" : n % 311 === 310 ? "555-01" : number(n % 97 === 96 ? n - 12 : n);
    rows.push([FIRST[(n * 7) % FIRST.length], cell, city, 2 + (n % 5), n % 41 === 40 ? "yes" : ""].join(","));
  }
  return new File([rows.join("\r\n")], "example.csv", { type: "text/csv" });
}
