/** How tables are encrypted: each has its bucket's way, or its own, for as long as it is. */

export interface TableEncryption {
  readonly sseAlgorithm: "AES256" | "aws:kms";
  readonly kmsKeyArn?: string;
}

export const OWN_KEYS: TableEncryption = { sseAlgorithm: "AES256" };
