const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Whether a header may be called so. Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 (token) */
export const isHeaderName = (text: string): boolean => NAME.test(text);
