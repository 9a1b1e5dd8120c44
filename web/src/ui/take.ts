// Files made in the browser: what stands on a page, to take away.

/** Offers a file. */
export function give(content: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export type Value = string | number | null;
/** A table; its first row names the columns. */
export type Sheet = { name: string; rows: Value[][] };

// A spreadsheet takes a text that begins so for a formula.
const guarded = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** As French spreadsheets read it: semicolons, decimal commas, marked as UTF-8; tables one below the other. */
export function csvOf(sheets: Sheet[]): string {
  const cell = (value: Value) => {
    const text = value === null ? "" : typeof value === "number" ? String(value).replace(".", ",") : guarded(value);
    return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\uFEFF${sheets.map(({ rows }) => rows.map((row) => `${row.map(cell).join(";")}\r\n`).join("")).join("\r\n")}`;
}

/** The tables as a file of that kind; what writes workbooks comes when it is asked for. */
export async function takeAway(kind: "csv" | "xlsx", name: string, sheets: Sheet[]) {
  if (kind === "csv") return give(new Blob([csvOf(sheets)], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
  const { default: write } = await import("write-excel-file/universal");
  const book = write(
    sheets.map(({ name: sheet, rows }) => ({
      sheet: sheet.slice(0, 31),
      stickyRowsCount: 1,
      columns: (rows[0] ?? []).map((_, column) => ({ width: Math.min(60, Math.max(10, ...rows.map((row) => String(row[column] ?? "").length + 2))) })),
      data: rows.map((row, index) => row.map((value) => (value === null ? null : { value, type: typeof value === "number" ? Number : String, wrap: true, alignVertical: "top" as const, ...(index === 0 ? { fontWeight: "bold" as const } : {}) }))),
    })),
  );
  give(await book.toBlob(), `${name}.xlsx`);
}
