/** How lines of comma-separated values are written. Source: https://www.rfc-editor.org/rfc/rfc4180 */

/** The value in quotation marks. */
export const quotedValue = (value: string): string => `"${value.replaceAll('"', '""')}"`;

/** One line with its end, its values in quotation marks where they have to be. */
export const formatCsvLine = (values: readonly string[]): string =>
  `${values.map((value) => (/[",\r\n]/.test(value) ? quotedValue(value) : value)).join(",")}\n`;
