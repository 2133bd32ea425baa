// A table that can be put in order and taken along as a file.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { csv } from '../model/csv';
import { choice, choose } from '../route';
import { language, t, type Text } from '../texts';

export interface Column<Row> {
  title: Text;
  text: (row: Row) => string; // as a file has it
  show?: (row: Row) => ComponentChildren; // unset: the text
  order?: (row: Row) => number | bigint | string;
  number?: boolean;
}

export interface TableProps<Row> {
  title: string;
  columns: Column<Row>[];
  rows: Row[];
  all?: number; // of which these are shown
  keyOf: (row: Row) => string;
  file?: string; // its name; unset: it is not to be taken along
}

function download(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

function compare(a: number | bigint | string, b: number | bigint | string): number {
  if (typeof a === 'string' || typeof b === 'string')
    return String(a).localeCompare(String(b), 'da');
  return a < b ? -1 : a > b ? 1 : 0;
}

function ordered<Row>(columns: Column<Row>[], rows: Row[], by: string): Row[] {
  const column = columns.find(({ title }) => title === by.replace('-', ''));
  const order = column?.order ?? column?.text;
  if (!order) return rows;
  const sign = by.startsWith('-') ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(order(a), order(b)));
}

function Head<Row>({ column, by }: { column: Column<Row>; by: string }) {
  const up = by === column.title;
  const down = by === `-${column.title}`;
  return (
    <th
      scope="col"
      class={column.number ? 'number' : ''}
      aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}
    >
      <button
        type="button"
        onClick={() => choose('order', up ? `-${column.title}` : down ? '' : column.title)}
      >
        {t(column.title)}
        <span aria-hidden="true">{up ? ' ▲' : down ? ' ▼' : ''}</span>
      </button>
    </th>
  );
}

// A row that is the same object as before is not looked at again.
function Cells<Row>({ columns, row }: { columns: Column<Row>[]; row: Row }) {
  return (
    <tr>
      {columns.map((column, i) => {
        const shown = (column.show ?? column.text)(row);
        return i === 0 ? (
          <th scope="row" key={column.title}>
            {shown}
          </th>
        ) : (
          <td class={column.number ? 'number' : ''} key={column.title}>
            {shown}
          </td>
        );
      })}
    </tr>
  );
}

const atOnce = 100;

// A long table comes in parts, so that its beginning is there at once and no key waits for its end.
function usePart(rows: number): number {
  const [shown, setShown] = useState(atOnce);
  useEffect(() => {
    if (shown >= rows) return undefined;
    const frame = requestAnimationFrame(() => setShown(shown + atOnce));
    return () => cancelAnimationFrame(frame);
  }, [shown, rows]);
  return shown;
}

export function Table<Row>({ title, columns, rows, all, keyOf, file }: TableProps<Row>) {
  const by = choice('order');
  const shown = ordered(columns, rows, by);
  const part = usePart(shown.length);
  const save = () =>
    download(
      `${file}.csv`,
      csv(
        columns.map((column) => t(column.title)),
        shown.map((row) => columns.map((column) => column.text(row))),
        language.value === 'da' ? ';' : ',',
      ),
    );
  return (
    <>
      <p class="tools">
        <span role="status">
          {t('shown_rows', { shown: rows.length, all: all ?? rows.length })}
        </span>
        {file && (
          <button type="button" onClick={save}>
            {t('save_csv')}
          </button>
        )}
      </p>
      <div class="scroll" role="region" aria-label={t('table_of', { title })} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <Head column={column} by={by} key={column.title} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, part).map((row) => (
              <Cells columns={columns} row={row} key={keyOf(row)} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p>{t('no_rows')}</p>}
    </>
  );
}

/** Terms and what they are. */
export function Facts({ facts }: { facts: [Text, ComponentChildren][] }) {
  return (
    <dl>
      {facts.map(([term, value]) => (
        <div key={term}>
          <dt>{t(term)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
