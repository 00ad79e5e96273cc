/** The rows as text, in columns. */
export const toTable = (rows: readonly object[]): string => {
  const [first] = rows;
  if (first === undefined) return '';
  const names = Object.keys(first);
  const lines = [names, ...rows.map((row) => names.map((name) => String(Reflect.get(row, name))))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
};
