import { invalidParameter } from "../errors.ts";

/** Source: https://repost.aws/questions/QUPGNgkzHZSk-NvAMKpQFqUg (the first part of the words, as users report them) */
export const patternInvalid = () => invalidParameter("Invalid filter pattern");
/** Source: https://stackoverflow.com/questions/35722405 (the words, as users report them) */
export const termInvalid = (term: string) => invalidParameter(`Invalid character(s) in term '${term}'`);
