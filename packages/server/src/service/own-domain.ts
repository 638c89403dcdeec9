/** Domains that users own and have lead here, as they would have them lead to AWS. */
import type { Transaction } from "../kernel/table.ts";

/** What is at a domain: an API and nothing else, or pages for who signs nothing. */
export type AtDomain = "api" | "pages";

/** S3 alone: what of its own is at `domain`, in lower case; `undefined`: nothing. */
export type FindAtDomain = (domain: string, tx: Transaction) => Promise<AtDomain | undefined>;
