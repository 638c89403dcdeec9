/** Policy documents: how IAM measures them and gives them back. */

/** As the API gives documents back: escaped by RFC 3986. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html */
export const encodeDocument = (document: string): string =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The size that quotas mean: white space does not count. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const charactersOf = (document: string): number => document.replace(/\s/g, "").length;
