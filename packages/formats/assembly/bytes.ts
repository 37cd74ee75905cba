// The bytes that mean something, by name.

export const lineBreak: u8 = 0x0a;
export const carriageReturn: u8 = 0x0d;
export const space: u8 = 0x20;
export const quote: u8 = 0x22;
export const star: u8 = 0x2a;
export const plus: u8 = 0x2b;
export const comma: u8 = 0x2c;
export const dash: u8 = 0x2d;
export const point: u8 = 0x2e;
export const slash: u8 = 0x2f;
export const zero: u8 = 0x30;
export const colon: u8 = 0x3a;
export const question: u8 = 0x3f;
export const upperT: u8 = 0x54;
export const upperZ: u8 = 0x5a;
export const openingBracket: u8 = 0x5b;
export const backslash: u8 = 0x5c;
export const closingBracket: u8 = 0x5d;
export const underscore: u8 = 0x5f;
export const openingBrace: u8 = 0x7b;
export const closingBrace: u8 = 0x7d;
