// The dense list: virtual rows, columns that leave when the pane narrows, one selected row, every move by keyboard; where
// several may be marked, x marks the row under the cursor and shift extends to where one goes or presses.
// On a phone each row becomes a card of two lines.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { classes } from "./classes";
import { Icon } from "./Icon";
import style from "./Table.module.css";

/** More than that nobody prints; a file holds them all. */
const paperRows = 5000;
/** Columns that need less have room on paper, however wide the window is: its cells go on below. */
const paperWidth = 900;

export type Column<Row> = {
  id: string;
  title: string;
  /** Width in the grid, as CSS: "90px", "minmax(120px, 2fr)". */
  width: string;
  /** Below this width of the pane the column leaves. */
  from?: number;
  sort?: boolean;
  align?: "right";
  cell: (row: Row) => ReactNode;
};

export type Sort = { by: string; down: boolean };

type TableProps<Row> = {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string | number;
  /** Rows known to exist, when more than those given. */
  total?: number | undefined;
  selected?: string | number | null;
  onSelect?: (row: Row) => void;
  onHover?: (row: Row | null) => void;
  /** Called when the end of the given rows comes near. */
  onEnd?: (() => void) | undefined;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  /** The two-line form, on a phone. */
  card?: (row: Row) => ReactNode;
  empty?: ReactNode;
  busy?: boolean;
  rowClass?: (row: Row) => string | undefined;
  /** The rows marked, to act on several at once. */
  marked?: ReadonlySet<string | number> | undefined;
  onMark?: ((marked: Set<string | number>) => void) | undefined;
  /** What a row is called, for who hears its checkbox. */
  nameOf?: (row: Row) => string;
};

export function Table<Row>(props: TableProps<Row>) {
  const { label, rows, keyOf, total, selected, onSelect, onHover, onEnd, sort, onSort, card, empty, busy, marked, onMark } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [rowHeight, setRowHeight] = useState(36);
  const [cursor, setCursor] = useState(-1);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      setWidth(element.clientWidth);
      setRowHeight(Number.parseFloat(getComputedStyle(element).getPropertyValue("--row")) || 36);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Paper cannot be scrolled: while one prints, all rows that are known are there.
  const [onPaper, setOnPaper] = useState(false);
  useEffect(() => {
    const begin = () => flushSync(() => setOnPaper(true));
    const end = () => setOnPaper(false);
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);

  const room = onPaper ? paperWidth : width;
  const narrow = room > 0 && room < 520 && card !== undefined;
  const columns = useMemo(() => props.columns.filter((column) => room === 0 || (column.from ?? 0) <= room), [props.columns, room]);
  const template = `${onMark ? "30px " : ""}${columns.map((column) => column.width).join(" ")}`;
  // Where an extended range begins: the last row marked by itself.
  const anchor = useRef(-1);
  const height = narrow ? Math.max(rowHeight, 64) : Math.min(rowHeight, 44);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    scrollPaddingStart: narrow ? 0 : 34,
  });
  useEffect(() => virtual.measure(), [height, virtual]);

  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && rows.length > 0 && last >= rows.length - 60) onEnd();
  }, [last, rows.length, onEnd]);

  const selectedIndex = useMemo(() => (selected == null ? -1 : rows.findIndex((row) => keyOf(row) === selected)), [rows, selected, keyOf]);
  useEffect(() => {
    if (selectedIndex >= 0) {
      setCursor(selectedIndex);
      virtual.scrollToIndex(selectedIndex, { align: "auto" });
    }
  }, [selectedIndex, virtual]);

  function go(index: number) {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    setCursor(to);
    virtual.scrollToIndex(to, { align: "auto" });
  }

  function mark(index: number, extend: boolean) {
    const row = rows[index];
    if (!onMark || row === undefined) return;
    const next = new Set(marked);
    if (extend && anchor.current >= 0) {
      for (let at = Math.min(anchor.current, index); at <= Math.max(anchor.current, index); at++) {
        const between = rows[at];
        if (between !== undefined) next.add(keyOf(between));
      }
    } else {
      if (!next.delete(keyOf(row))) next.add(keyOf(row));
      anchor.current = index;
    }
    onMark(next);
  }

  function step(by: number, extend: boolean) {
    const to = Math.max(0, Math.min(rows.length - 1, cursor + by));
    if (extend && onMark) {
      if (anchor.current < 0) anchor.current = Math.max(0, cursor);
      mark(to, true);
    }
    go(to);
  }

  function press(event: Pick<KeyboardEvent, "key" | "shiftKey" | "target" | "preventDefault">) {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / height) - 2);
    if (/^(j|ArrowDown)$/i.test(event.key)) step(1, event.shiftKey);
    else if (/^(k|ArrowUp)$/i.test(event.key)) step(-1, event.shiftKey);
    else if (event.key === "x" && onMark) mark(cursor, false);
    else if (event.key === "PageDown") go(cursor + page);
    else if (event.key === "PageUp") go(cursor - page);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(rows.length - 1);
    // In a head or a cell, what is pressed is the control there.
    else if (/^(Enter| )$/.test(event.key) && rows[cursor] && !(event.target as HTMLElement).closest("button, a")) onSelect?.(rows[cursor]);
    else return;
    event.preventDefault();
  }

  // j, k and Enter work from anywhere on the page that is not a field or a control.
  const pressed = useRef(press);
  pressed.current = press;
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || at.closest("input, textarea, select, [role=dialog], [role=listbox], [role=menu]")) return;
      if (/^[jk]$/i.test(event.key) || event.key === "x") {
        pressed.current(event as unknown as KeyboardEvent);
        scroller.current?.focus({ preventScroll: true });
      }
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={(total ?? rows.length) + 1}
      aria-colcount={columns.length + (onMark ? 1 : 0)}
      aria-multiselectable={onMark ? true : undefined}
      aria-busy={busy || undefined}
      aria-activedescendant={cursor >= 0 && rows[cursor] ? `${id}-${keyOf(rows[cursor])}` : undefined}
      tabIndex={0}
      className={classes(style.scroller, busy && style.busy)}
      onKeyDown={(event) => !/^[jkx]$/i.test(event.key) && !(event.target as HTMLElement).closest("[role=checkbox]") && press(event)}
      onFocus={() => cursor < 0 && rows.length > 0 && setCursor(0)}
      onMouseLeave={() => onHover?.(null)}
    >
      <div role="rowgroup" className={classes(style.head, narrow && "hidden-visually")}>
        <div role="row" aria-rowindex={1} className={style.row} style={{ gridTemplateColumns: template }}>
          {onMark && (
            <div role="columnheader" className={style.mark}>
              <Tick
                label="Cocher toutes les lignes chargées"
                state={rows.length > 0 && rows.every((row) => marked?.has(keyOf(row))) ? true : marked && marked.size > 0 ? "mixed" : false}
                onPress={() => onMark(rows.every((row) => marked?.has(keyOf(row))) ? new Set() : new Set([...(marked ?? []), ...rows.map(keyOf)]))}
              />
            </div>
          )}
          {columns.map((column) => {
            const on = sort?.by === column.id;
            return (
              <div
                key={column.id}
                role="columnheader"
                aria-sort={on ? (sort.down ? "descending" : "ascending") : column.sort && onSort ? "none" : undefined}
                className={classes(style.cell, column.align && style.right)}
              >
                {column.sort && onSort && !onPaper ? (
                  <button type="button" className={style.sort} title={column.title} onClick={() => onSort({ by: column.id, down: on ? !sort.down : false })}>
                    <span>{column.title}</span>
                    <Icon name={on ? (sort.down ? "down" : "up") : "sort"} size={12} />
                  </button>
                ) : (
                  column.title
                )}
              </div>
            );
          })}
        </div>
      </div>
      <div role="rowgroup" className={style.body} style={{ height: virtual.getTotalSize() }}>
        {(onPaper ? rows.slice(0, paperRows).map((_, index) => ({ index, start: index * height })) : visible).map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const rowKey = keyOf(row);
          return (
            <div
              key={rowKey}
              id={`${id}-${rowKey}`}
              role="row"
              data-key={rowKey}
              aria-rowindex={item.index + 2}
              aria-selected={onSelect ? rowKey === selected : undefined}
              className={classes(style.row, style.line, marked?.has(rowKey) && style.marked, rowKey === selected && style.selected, item.index === cursor && style.cursor, onSelect && style.choosable, props.rowClass?.(row))}
              style={{ gridTemplateColumns: narrow ? `${onMark ? "30px " : ""}minmax(0, 1fr)` : template, height, transform: `translateY(${item.start}px)` }}
              onClick={(event) => {
                if ((event.target as HTMLElement).closest("a[href], button") && (event.ctrlKey || event.metaKey)) return;
                setCursor(item.index);
                if (event.shiftKey && onMark) mark(item.index, true);
                else onSelect?.(row);
              }}
              onMouseEnter={() => onHover?.(row)}
            >
              {onMark && (
                <div role="gridcell" className={style.mark}>
                  <Tick label={`Cocher ${props.nameOf?.(row) ?? "cette ligne"}`} state={marked?.has(rowKey) ?? false} onPress={(extend) => mark(item.index, extend)} />
                </div>
              )}
              {narrow ? (
                <div role="gridcell" aria-colindex={1} className={style.card}>
                  {card(row)}
                </div>
              ) : (
                columns.map((column) => (
                  <div key={column.id} role="gridcell" className={classes(style.cell, column.align && style.right)}>
                    {column.cell(row)}
                  </div>
                ))
              )}
            </div>
          );
        })}
        {rows.length === 0 && empty && (
          <div role="row" className={style.emptyRow}>
            <div role="gridcell">{empty}</div>
          </div>
        )}
      </div>
    </div>
  );
}

/** The small box at the head of a row. Out of the way of the tab key: x does the same from the row. */
function Tick({ label, state, onPress }: { label: string; state: boolean | "mixed"; onPress: (extend: boolean) => void }) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={state}
      aria-label={label}
      tabIndex={-1}
      className={classes(style.tick, state !== false && style.ticked)}
      onClick={(event) => {
        event.stopPropagation();
        onPress(event.shiftKey);
      }}
    >
      {state !== false && <Icon name={state === "mixed" ? "less" : "check"} size={13} />}
    </button>
  );
}
