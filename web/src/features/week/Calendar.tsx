// The only file that knows FullCalendar; it comes in its own chunk. Its clock is that of the wall in Paris, told as UTC.
import { Calendar as FullCalendar, type EventApi, type EventInput } from "@fullcalendar/core";
import fr from "@fullcalendar/core/locales/fr";
import interaction, { Draggable } from "@fullcalendar/interaction";
import listPlugin from "@fullcalendar/list";
import timeGrid from "@fullcalendar/timegrid";
import { useEffect, useRef, useState } from "react";
import { addDays, clock, fullDay, isoDay, now, parisMoment, wallTime } from "@/words/time";
import type { Away, Conflict, Moment, Work } from "./conflicts";
import style from "./Calendar.module.css";

export type View = "semaine" | "jour" | "liste";

export type Block = {
  key: string;
  at: string;
  minutes: number;
  title: string;
  detail: string;
  /** What is read aloud before and after what is shown. */
  before: string;
  after: string;
  look: "planned" | "done" | "due" | "proposed" | "locked";
  movable: boolean;
};

type CalendarProps = {
  view: View;
  day: string;
  blocks: Block[];
  away: Away[];
  work: Work | null;
  selected: string | null;
  onSelect: (key: string) => void;
  /** The dialog in which the move is made by hand. */
  onMoveBy: (key: string) => void;
  onMove: (key: string, to: Moment) => void;
  /** Dropped from the list beside: the key it had there. */
  onPlace: (key: string, to: Moment) => void;
  check: (key: string, to: Moment) => Conflict[];
  /** The list beside, whose items carry data-key and data-minutes. */
  outside: HTMLElement | null;
  /** As high as what is in it, not as its frame. */
  natural?: boolean;
};

const views: Record<View, string> = { semaine: "timeGridWeek", jour: "timeGridDay", liste: "listWeek" };
const step = 15;

/** As the calendar tells it: the wall of Paris, called UTC. */
const wall = (moment: string | Date) => `${isoDay(moment)}T${wallTime(moment)}:00Z`;
const plus = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();
const momentOf = (start: Date, minutes: number): Moment => ({ day: start.toISOString().slice(0, 10), time: start.toISOString().slice(11, 16), minutes });
const say = (to: Moment) => `${fullDay(to.day)} à ${clock(parisMoment(to.day, to.time))}`;

function events(blocks: Block[], away: Away[]): EventInput[] {
  return [
    ...blocks.map((block) => ({
      id: block.key,
      title: block.title,
      start: wall(block.at),
      end: wall(plus(block.at, block.minutes)),
      editable: block.movable,
      durationEditable: false,
      interactive: true,
      classNames: [style.block ?? "", style[block.look] ?? ""],
      extendedProps: { block },
    })),
    ...away.map((absence) => ({
      start: `${absence.day}T${absence.from ?? "00:00"}:00Z`,
      end: absence.until ? `${absence.day}T${absence.until}:00Z` : `${addDays(absence.day, 1)}T00:00:00Z`,
      display: "background",
      title: absence.reason,
      classNames: [style.away ?? ""],
    })),
  ];
}

function text(tag: string, words: string, hidden = false): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = words;
  if (hidden) element.className = "hidden-visually";
  return element;
}

/** Two lines of text, made of nodes: nothing is read as HTML. A list has a column of hours of its own. */
function content(block: Block, inList: boolean): { domNodes: Node[] } {
  return { domNodes: [text("span", block.before, true), text("strong", block.title), text("span", inList ? ` ${block.detail}${proposed(block) ? " · proposition" : ""}` : ` ${clock(block.at)} · ${block.detail}`), text("span", block.after, true)] };
}

const shortDays = new Intl.DateTimeFormat("fr-FR", { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" });
const proposed = (block: Block): boolean => block.look === "proposed" || block.look === "locked";
const hour = ({ array }: { array: number[] }): string => `${array[3] ?? 0}\u202fh${array[4] ? `\u202f${String(array[4]).padStart(2, "0")}` : ""}`;

/** The tables of the calendar are only its drawing: visits say their day and hour themselves. */
function plain(holder: HTMLElement): void {
  for (const part of holder.querySelectorAll(".fc-scrollgrid, .fc-scrollgrid :is(table, thead, tbody, tr, th, td)")) {
    part.setAttribute("role", "presentation");
    for (const name of ["aria-label", "aria-labelledby"]) part.removeAttribute(name);
  }
}

/** What scrolls and holds no visit to go to takes the keyboard itself; with visits in it, it is left alone. */
function reach(holder: HTMLElement): void {
  plain(holder);
  for (const scroller of holder.querySelectorAll<HTMLElement>(".fc-scroller")) {
    const scrolls = scroller.scrollHeight > scroller.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(scroller).overflowY);
    if (scrolls && !scroller.querySelector("[data-key]")) {
      scroller.tabIndex = 0;
      scroller.setAttribute("role", "group");
      scroller.setAttribute("aria-label", "Heures, sans visite");
    } else if (scroller.hasAttribute("tabindex")) {
      for (const name of ["tabindex", "role", "aria-label"]) scroller.removeAttribute(name);
    }
  }
}

export default function Calendar(props: CalendarProps) {
  const { view, day, blocks, away, work, selected, outside, natural = false } = props;
  const holder = useRef<HTMLDivElement>(null);
  const calendar = useRef<FullCalendar | null>(null);
  const current = useRef(props);
  current.current = props;
  // The visit that had the keyboard when it was drawn anew: it gets it back, unless something else took it meanwhile.
  const focused = useRef<string | null>(null);
  const [warning, warn] = useState<{ to: string; conflicts: Conflict[] } | null>(null);

  function weigh(key: string, to: Moment): Conflict[] {
    const conflicts = current.current.check(key, to);
    warn({ to: say(to), conflicts });
    return conflicts;
  }

  /** An arrow moves the visit by a quarter of an hour, or by a day. */
  function press(event: KeyboardEvent, block: Block, start: Date) {
    const steps: Record<string, [days: number, minutes: number]> = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const by = steps[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      current.current.onSelect(block.key);
    } else if (event.key.toLowerCase() === "m" && block.movable) {
      event.preventDefault();
      current.current.onMoveBy(block.key);
    } else if (by && block.movable && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      const to = momentOf(new Date(start.getTime() + by[0] * 86_400_000 + by[1] * 60_000), block.minutes);
      if (weigh(block.key, to).some((conflict) => conflict.forbidden)) return;
      current.current.onMove(block.key, to);
    }
  }

  useEffect(() => {
    if (!holder.current) return;
    const made = new FullCalendar(holder.current, {
      plugins: [timeGrid, listPlugin, interaction],
      locale: fr,
      timeZone: "UTC",
      now: () => wall(now()),
      initialView: views[current.current.view],
      initialDate: current.current.day,
      headerToolbar: false,
      height: current.current.natural ? "auto" : "100%",
      expandRows: true,
      allDaySlot: false,
      nowIndicator: true,
      firstDay: 1,
      slotMinTime: "07:00",
      slotMaxTime: "20:00",
      slotDuration: "00:30",
      snapDuration: "00:15",
      scrollTime: "08:00",
      eventMinHeight: 24,
      dragScroll: true,
      longPressDelay: 250,
      // A list asks for its days here too, and has the room of their whole names.
      dayHeaderContent: ({ date, view: shown }) => (shown.type === views.liste ? fullDay(date.toISOString().slice(0, 10)) : shortDays.format(date)),
      slotLabelContent: ({ date }) => `${date.getUTCHours()} h`,
      noEventsContent: "Aucune visite à cette date.",
      listDaySideFormat: false,
      eventTimeFormat: ({ start, end }) => (end ? `${hour(start)} à ${hour(end)}` : hour(start)),
      eventContent: ({ event, view: shown }) => (event.extendedProps["block"] ? content(event.extendedProps["block"] as Block, shown.type === "listWeek") : event.title),
      eventClick: ({ event }) => current.current.onSelect(event.id),
      // Said while one drags, before anything is dropped.
      eventAllow: (span, event) => {
        const block = event?.extendedProps["block"] as Block | undefined;
        const key = block?.key ?? String(event?.extendedProps["outside"] ?? "");
        const minutes = block?.minutes ?? Number(event?.extendedProps["minutes"] ?? 60);
        return key === "" || !weigh(key, momentOf(span.start, minutes)).some((conflict) => conflict.forbidden);
      },
      eventDragStop: () => warn(null),
      eventDrop: ({ event, revert }) => {
        const block = event.extendedProps["block"] as Block;
        if (event.start) current.current.onMove(block.key, momentOf(event.start, block.minutes));
        else revert();
      },
      eventReceive: ({ event, revert }) => {
        const start = event.start;
        const { outside: key, minutes } = event.extendedProps as { outside: string; minutes: number };
        warn(null);
        revert();
        if (start) current.current.onPlace(key, momentOf(start, minutes));
      },
      eventDidMount: ({ el, event }) => {
        const block = event.extendedProps["block"] as Block | undefined;
        if (!block) return;
        const target = el.matches("tr") ? el.querySelector<HTMLElement>("a, .fc-list-event-title") ?? el : el;
        target.tabIndex = 0;
        target.setAttribute("role", "button");
        target.dataset["key"] = block.key;
        if (block.movable) target.setAttribute("aria-keyshortcuts", "ArrowUp ArrowDown ArrowLeft ArrowRight M");
        target.addEventListener("keydown", (pressed) => press(pressed, event.extendedProps["block"] as Block, (event as EventApi).start ?? new Date()));
        target.addEventListener("blur", () => warn(null));
      },
    });
    made.render();
    calendar.current = made;
    const resize = new ResizeObserver(() => {
      made.updateSize();
      if (holder.current) reach(holder.current);
    });
    resize.observe(holder.current);
    return () => {
      resize.disconnect();
      made.destroy();
      calendar.current = null;
    };
  }, []);

  useEffect(() => {
    calendar.current?.setOption("height", natural ? "auto" : "100%");
    calendar.current?.changeView(views[view], day);
  }, [view, day, natural]);

  useEffect(() => {
    const made = calendar.current;
    if (!made) return undefined;
    const active = document.activeElement;
    if (holder.current?.contains(active)) focused.current = (active as HTMLElement).dataset["key"] ?? null;
    else if (active !== document.body) focused.current = null;
    made.batchRendering(() => {
      made.removeAllEvents();
      for (const event of events(blocks, away)) made.addEvent(event);
    });
    if (!focused.current) return undefined;
    const restore = () => {
      if (document.activeElement === document.body) holder.current?.querySelector<HTMLElement>(`[data-key="${focused.current}"]`)?.focus();
    };
    // At once, so that no key is lost between; in the next frame too, as what is drawn late was not there to take it.
    restore();
    const again = requestAnimationFrame(restore);
    return () => cancelAnimationFrame(again);
  }, [blocks, away]);

  useEffect(() => {
    calendar.current?.setOption("businessHours", work ? { daysOfWeek: work.days.map((one) => one % 7), startTime: work.opens, endTime: work.closes } : false);
    calendar.current?.setOption("hiddenDays", work && !work.days.includes(6) && !work.days.includes(7) && view === "semaine" ? [0, 6] : [0]);
  }, [work, view]);

  useEffect(() => {
    for (const element of holder.current?.querySelectorAll<HTMLElement>("[data-key]") ?? []) element.classList.toggle(style.selected ?? "", element.dataset["key"] === selected);
  }, [selected, blocks, view]);

  useEffect(() => {
    const asked = requestAnimationFrame(() => holder.current && reach(holder.current));
    return () => cancelAnimationFrame(asked);
  }, [blocks, away, view, day, work]);

  useEffect(() => {
    if (!outside) return;
    const draggable = new Draggable(outside, {
      itemSelector: "[data-key][data-minutes]",
      eventData: (element) => ({
        title: element.dataset["title"] ?? "",
        duration: { minutes: Number(element.dataset["minutes"]) },
        classNames: [style.block, style.due],
        extendedProps: { outside: element.dataset["key"], minutes: Number(element.dataset["minutes"]) },
      }),
    });
    return () => draggable.destroy();
  }, [outside]);

  return (
    <div className={style.frame} data-natural={natural}>
      <div ref={holder} className={style.calendar} data-testid="calendar" />
      <div className={style.warning} role="status" aria-live="assertive" data-shown={warning !== null}>
        {warning && (
          <>
            <strong>{warning.to}</strong>
            {warning.conflicts.length === 0 ? <span>rien ne s’y oppose</span> : warning.conflicts.map((conflict) => <span key={conflict.text} className={conflict.forbidden ? style.forbidden : style.caution}>{conflict.text}</span>)}
          </>
        )}
      </div>
    </div>
  );
}
