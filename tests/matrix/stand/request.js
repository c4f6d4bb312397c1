export const REQUEST = { text: "Don’t be late: “doors” open at seven", to: ["+447400123456", "US"], balance: "0.05" };
export const LIST = { list: "name,phone\nŁukasz,+447400123456\n,+12125550123\n", template: "Hi {{name|there}}", balance: "0.10" };
