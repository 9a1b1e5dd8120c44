// Ctrl K: finds a company by name or SIRET, an offer that is under way, a page, an action; arrows choose, Enter goes.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from "react";
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components";
import { api } from "@/api/client";
import type { Session } from "@/api/queries";
import { nameOf, StateBadge } from "@/features/establishments/parts";
import { employerOf, OfferBadge } from "@/features/offers/OfferCard";
import { useActFor, useLeave } from "@/features/session/session";
import { navigate } from "@/router";
import { allowed, routes } from "@/routes";
import { choose } from "@/style/theme";
import { classes } from "@/ui/classes";
import { Icon, type IconName } from "@/ui/Icon";
import style from "./Palette.module.css";

type Entry = { id: string; group: string; label: string; detail?: string | undefined; icon: IconName; badge?: ReactNode; run: () => void };

const fold = (text: string) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();

const isNamed = (entry: Entry, text: string) => fold(entry.label) === fold(text.trim());

/** What was typed before the box was there, and whether it ended with Enter. */
export type Early = { text: string; enter: boolean };

export default function Palette({ session, early, onClose, onHelp }: { session: Session; early: Early; onClose: () => void; onHelp: () => void }) {
  const [text, setText] = useState(early.text);
  // Enter pressed while there is no line yet opens the first one when it comes; any other key takes it back.
  const [entered, setEntered] = useState(early.enter && early.text.trim() !== "");
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const leave = useLeave();
  const actFor = useActFor();
  const staff = session.role === "adviser" || session.role === "manager" || session.role === "administrator";

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 120);
    return () => clearTimeout(timer);
  }, [text]);

  const companiesFound = useQuery({
    queryKey: ["palette", asked],
    queryFn: ({ signal }) => api.get("/api/establishments", { query: { q: asked, limit: 8 }, signal }),
    enabled: staff && asked.length >= 2,
    staleTime: 30_000,
  });

  const offersFound = useQuery({
    queryKey: ["palette", "offers", asked],
    queryFn: ({ signal }) => api.get("/api/offers", { query: { q: asked, state: "draft,confirmed,reserved,open" }, signal }),
    enabled: asked.length >= 3,
    staleTime: 30_000,
  });
  const found = companiesFound.data?.items;
  const offers = offersFound.data?.items;
  // What answers other words than those typed by now is not offered: Enter would open it.
  const current = asked === text.trim();
  const waits = !current || companiesFound.isLoading || (!found?.length && offersFound.isLoading);

  const entries = useMemo<Entry[]>(() => {
    const go = (to: string) => () => navigate(to);
    const pages: Entry[] = routes
      .filter((route) => route.nav && allowed(route, session.role))
      .map((route) => ({ id: route.path, group: "Pages", label: route.title, icon: route.icon ?? "list", run: go(route.path.replace(/\/:.*$/, "")) }));
    pages.push({ id: "public", group: "Pages", label: "Page publique des offres", icon: "public", run: go("/offres") });
    const actions: Entry[] = [
      ...(staff
        ? [
            { id: "never", group: "Actions", label: "Choisir un employeur jamais visité", icon: "companies" as const, run: go("/entreprises?etat=libre&visites=jamais") },
            { id: "mine", group: "Actions", label: "Voir mes engagements", icon: "promise" as const, run: go("/entreprises?etat=moi") },
            { id: "import", group: "Actions", label: "Importer un fichier", icon: "imports" as const, run: go("/imports") },
          ]
        : []),
      ...session.organisations
        .filter((item) => item.id !== session.organisation.id)
        .map((item) => ({ id: `act-${item.id}`, group: "Actions", label: `Agir pour ${item.name}`, icon: "actors" as const, run: () => void actFor(item.id) })),
      { id: "light", group: "Actions", label: "Apparence claire", icon: "light", run: () => choose("light") },
      { id: "dark", group: "Actions", label: "Apparence sombre", icon: "dark", run: () => choose("dark") },
      { id: "keys", group: "Actions", label: "Raccourcis du clavier", icon: "keys", run: onHelp },
      { id: "leave", group: "Actions", label: "Se déconnecter", icon: "leave", run: () => void leave() },
    ];
    const words = fold(text.trim());
    const fits = (entry: Entry) => words === "" || fold(entry.label).includes(words);
    const companies: Entry[] =
      current
        ? (found ?? []).map((row) => ({
            id: `company-${row.id}`,
            group: "Entreprises",
            label: nameOf(row),
            detail: [row.city, row.siret].filter(Boolean).join(" · "),
            icon: "companies" as const,
            badge: <StateBadge row={row} />,
            run: go(`/entreprises/${row.id}`),
          }))
        : [];
    const vacancies: Entry[] =
      current
        ? (offers ?? [])
            .filter((row) => row.replaced_by === null)
            .slice(0, 5)
            .map((row) => ({ id: `offer-${row.id}`, group: "Offres", label: row.title, detail: employerOf(row), icon: "offers" as const, badge: <OfferBadge state={row.state} />, run: go(`/suivi-offres/${row.id}`) }))
        : [];
    // A page or an action called by its name comes before every company that has it in its own.
    const known = [...pages, ...actions];
    return [...known.filter((entry) => isNamed(entry, text)), ...companies, ...vacancies, ...known.filter((entry) => fits(entry) && !isNamed(entry, text))];
  }, [text, current, found, offers, session, staff, onHelp, leave, actFor]);

  useEffect(() => setAt(0), [text, found, offers]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);

  function pick(entry: Entry | undefined) {
    if (!entry) return;
    onClose();
    entry.run();
  }

  useEffect(() => {
    if (!entered || waits) return;
    setEntered(false);
    pick(entries[0]);
  });

  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className={style.veil}>
      <Modal className={style.modal}>
        <AriaDialog aria-label="Chercher" className={style.dialog}>
          <div className={style.field}>
            <Icon name="search" size={18} />
            <input
              autoFocus
              role="combobox"
              aria-expanded
              aria-controls={`${id}-list`}
              aria-activedescendant={entries[at] ? `${id}-${at}` : undefined}
              aria-label="Chercher une entreprise, un SIRET, une offre, une page, une action"
              placeholder="Nom, SIRET, offre, page ou action"
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                setEntered(event.key === "Enter" && waits && !entries[at]);
                if (event.key === "ArrowDown") setAt((value) => Math.min(entries.length - 1, value + 1));
                else if (event.key === "ArrowUp") setAt((value) => Math.max(0, value - 1));
                else if (event.key === "Enter") pick(entries[at]);
                else return;
                event.preventDefault();
              }}
              className={style.input}
            />
          </div>
          <div ref={list} id={`${id}-list`} role="listbox" aria-label="Résultats" className={style.list}>
            {entries.map((entry, index) => (
              <div key={entry.id} role="presentation">
                {entries[index - 1]?.group !== entry.group && (
                  <p className={style.group} role="presentation">
                    {entry.group}
                  </p>
                )}
                <div id={`${id}-${index}`} role="option" aria-selected={index === at} className={classes(style.entry, index === at && style.on)} onMouseMove={() => setAt(index)} onClick={() => pick(entry)}>
                  <Icon name={entry.icon} />
                  <span className={style.label}>
                    {entry.label}
                    {entry.detail && <span className={style.detail}>{entry.detail}</span>}
                  </span>
                  {entry.badge}
                </div>
              </div>
            ))}
          </div>
          {entries.length === 0 && <p className={style.none}>{waits ? "Recherche…" : `Rien ne répond à « ${text} ».`}</p>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
