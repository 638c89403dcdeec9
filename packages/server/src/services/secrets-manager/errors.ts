/** The errors of secrets-manager, each once, in AWS's words. */

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = {} as const;
