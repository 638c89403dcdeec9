/**
 * `encoding-type=url`: how keys are written in listings, so that every one of them fits into XML.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (EncodingType)
 */

/** Letters, digits, `-_.*` and `/` stay; a space is a plus (as recorded by clients that decode it so). */
function encodeKey(key: string): string {
  return encodeURIComponent(key.toWellFormed())
    .replace(/[!'()~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+");
}

/** Writes a text of a listing as the listing was asked to write them. */
export type Spelling = (text: string) => string;

export const spellingOf = (encodingType: string | undefined): Spelling =>
  encodingType === "url" ? encodeKey : (text) => text;
