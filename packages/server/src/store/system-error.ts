/** The code of an error from Node's own parts, such as `EEXIST`; `undefined` for any other. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
