/** In bytes of UTF-8, all that is no ASCII is longer: to count them costs less than to look for one. */
export const isAscii = (text: string): boolean => Buffer.byteLength(text, "utf8") === text.length;
