// A table as a file for spreadsheets: RFC 4180, in UTF-8 with the mark that they look for.

// What a spreadsheet would compute is text here.
const cell = (text: string): string => {
  const harmless = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return /[";,\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** `separator`: Danish spreadsheets want ';', as ',' stands in their numbers. */
export function csv(head: string[], rows: string[][], separator: ',' | ';'): string {
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(separator)).join('\r\n')}\r\n`;
}
