/** The bytes of JSON's own characters, and what they do. Source: RFC 8259. */
export const quote = 0x22;
export const backslash = 0x5c;
export const lineFeed = 0x0a;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;

export const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;
export const isOpening = (byte: number): boolean => byte === openBrace || byte === openBracket;
export const isClosing = (byte: number): boolean => byte === closeBrace || byte === closeBracket;
