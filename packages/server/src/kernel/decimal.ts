const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Whether a text is a decimal number and nothing else: `17`, `-1.5`, `.5e3`. In time linear in the text. */
export const isDecimal = (text: string): boolean => DECIMAL.test(text);

/** The number that a text is; `undefined` where it is none, or has blanks around it. */
export const parseDecimal = (text: string): number | undefined => (isDecimal(text) ? Number(text) : undefined);
