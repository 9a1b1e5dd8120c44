// The frame of every page of a member: who one acts for, where one may go, whether one is connected.
import { useEffect, useRef, useState, type ComponentType, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useLive } from "@/api/live";
import type { Session } from "@/api/queries";
import { useActFor, useLeave } from "@/features/session/session";
import { match, usePlace } from "@/router";
import { allowed, groups, routes, type Route } from "@/routes";
import { choice, choose, useTheme } from "@/style/theme";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Dialog } from "@/ui/Dialog";
import { Icon } from "@/ui/Icon";
import { Link } from "@/ui/Link";
import { Menu, type MenuGroup } from "@/ui/Menu";
import { NetworkMark } from "@/ui/Network";
import { phone, useMedia } from "@/ui/media";
import { toast, Toasts } from "@/ui/Toast";
import { roles } from "@/words/domain";
import { exact, now } from "@/words/time";
import type { Early } from "@/features/palette/Palette";
import { Mark } from "./Mark";
import style from "./Shell.module.css";

type PaletteBox = ComponentType<{ session: Session; early: Early; onClose: () => void; onHelp: () => void }>;
// Kept once it has come: what React loads by itself it shows a third of a second late, and the keys of that time are lost.
let paletteBox: PaletteBox | undefined;
const loadPalette = async () => (paletteBox ??= (await import("@/features/palette/Palette")).default);

const keys: [string, string][] = [
  ["Ctrl K", "Chercher une entreprise, une page, une action"],
  ["j / k", "Ligne suivante, ligne précédente"],
  ["Entrée", "Ouvrir la ligne"],
  ["Échap", "Fermer la fiche ou la fenêtre"],
  ["?", "Afficher ces raccourcis"],
];

/** Takes the keys while the box of Ctrl K is on its way. */
function EarlyKeys({ early, onClose }: { early: Early; onClose: () => void }) {
  return (
    <input
      autoFocus
      aria-label="Chercher"
      className="hidden-visually"
      data-above // what is open behind stays at Escape
      onInput={(event) => (early.text = event.currentTarget.value)}
      onKeyDown={(event) => {
        early.enter = event.key === "Enter";
        if (event.key !== "Escape") return;
        onClose();
      }}
      onBlur={(event) => event.relatedTarget && onClose()}
    />
  );
}

export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const { path } = usePlace();
  const [palette, setPalette] = useState(false);
  const [Palette, setBox] = useState(() => paletteBox);
  const early = useRef<Early>({ text: "", enter: false });
  const before = useRef<HTMLElement | null>(null);
  const [help, setHelp] = useState(false);
  const small = useMedia(phone);
  const nav = routes.filter((route) => route.nav && allowed(route, session.role));
  const here = (pattern: string) => match(pattern, path) !== null || (pattern === "/visites" && path.startsWith("/visites/"));

  // Fetched before it is asked for.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), 1500);
    return () => clearTimeout(timer);
  }, []);

  const where = session.territory.name;
  // A sheet of paper on its own says what it is of, of where and of when.
  useEffect(() => {
    const foot = () => {
      const [page = "", site = ""] = document.title.split(" · ");
      const title = `${document.querySelector("h1")?.textContent || page} · ${site}`; // a document has a name of its own
      const what = title.endsWith(where) ? title : `${title}, ${where}`; // many an instance is named after its territory
      document.documentElement.style.setProperty("--printed", JSON.stringify(`${what}, imprimé le ${exact(now())}`));
    };
    window.addEventListener("beforeprint", foot);
    return () => window.removeEventListener("beforeprint", foot);
  }, [where]);

  /** There in the same instant as its key, with a field that takes the keys even where the box itself has yet to come. */
  function find() {
    const failed = () => {
      setPalette(false);
      toast("La recherche n’a pas pu être chargée.", { tone: "danger" });
    };
    // A window that is open keeps the keys to itself.
    if (!paletteBox && document.querySelector("[role=dialog]")) {
      void loadPalette().then(find, failed);
      return;
    }
    before.current = document.activeElement as HTMLElement | null;
    early.current = { text: "", enter: false };
    flushSync(() => {
      setBox(() => paletteBox);
      setPalette(true);
    });
    if (!paletteBox)
      loadPalette().then((box) => setBox(() => box), failed);
  }

  function leaveFinding() {
    setPalette(false);
    // The field that had the keys first is gone by now: they go back to where they were.
    requestAnimationFrame(() => document.activeElement === document.body && before.current?.focus());
  }
  const toggle = useRef(find);
  toggle.current = palette ? leaveFinding : find;

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        toggle.current();
      } else if (event.key === "?" && !(event.target as HTMLElement).closest("input, textarea, [contenteditable]")) {
        setHelp(true);
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);

  return (
    <div className={style.shell}>
      <a href="#contenu" className={classes(style.skip, "no-print")} onClick={(event) => (event.preventDefault(), document.getElementById("contenu")?.focus())}>
        Aller au contenu
      </a>
      <header className={classes(style.header, "no-print")}>
        <Link href="/" className={style.brand} label="Maillage, accueil">
          <Mark size={26} />
          <span>Maillage</span>
        </Link>
        <Button className={style.search} look="quiet" icon="search" onPress={find}>
          <span className={style.searchText}>Chercher une entreprise, une offre, une page</span>
          <kbd className={style.kbd} aria-hidden>
            Ctrl K
          </kbd>
        </Button>
        {!small && <Toasts within="bar" />}
        <div className={style.right}>
          {session.instance.demo && (
            <span className={style.demo} title="Instance de démonstration : entreprises, personnes et offres sont fictives.">
              Données fictives
            </span>
          )}
          <Acting session={session} />
          <Member session={session} onHelp={() => setHelp(true)} />
        </div>
      </header>
      <Connection />
      <nav className={classes(style.nav, "no-print")} aria-label="Navigation principale">
        <div className={style.places}>
          {captions(nav).map(([group, places]) => (
            <section key={group} aria-label={groups[group as keyof typeof groups]}>
              {group && (
                <p className={style.caption} aria-hidden>
                  {groups[group as keyof typeof groups]}
                </p>
              )}
              <ul>
                {places.map((route) => (
                  <li key={route.path} onPointerEnter={() => void route.load()}>
                    <Link href={route.path.replace(/\/:.*$/, "")} className={classes(style.place, here(route.path) && style.here)} current={here(route.path)}>
                      <Icon name={route.icon ?? "list"} size={18} />
                      <span>{route.nav}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
        <p className={style.territory} title="Territoire de la structure">
          <Icon name="place" size={14} /> {session.territory.name}
        </p>
      </nav>
      <main id="contenu" tabIndex={-1} className={style.main}>
        {children}
      </main>
      {small && (
        <div className={style.message}>
          <Toasts within="row" />
        </div>
      )}
      <nav className={classes(style.bottom, "no-print")} aria-label="Navigation principale (téléphone)">
        <ul>
          {phonePlaces(nav).map((route) => (
            <li key={route.path}>
              <Link href={route.path.replace(/\/:.*$/, "")} className={classes(style.thumb, here(route.path) && style.here)} current={here(route.path)}>
                <Icon name={route.icon ?? "list"} size={20} />
                <span>{route.nav}</span>
              </Link>
            </li>
          ))}
          <li>
            <Link href="/plus" className={classes(style.thumb, here("/plus") && style.here)} current={here("/plus")}>
              <Icon name="more" size={20} />
              <span>Plus</span>
            </Link>
          </li>
        </ul>
      </nav>
      {palette && (Palette ? <Palette session={session} early={early.current} onClose={leaveFinding} onHelp={() => setHelp(true)} /> : <EarlyKeys early={early.current} onClose={leaveFinding} />)}
      <Dialog title="Raccourcis du clavier" isOpen={help} onClose={() => setHelp(false)}>
        <dl className={style.keys}>
          {keys.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd className={style.kbd}>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </div>
  );
}

/** The places under their captions, those without one first. */
function captions(nav: Route[]): [string, Route[]][] {
  return ["", ...Object.keys(groups)]
    .map((group): [string, Route[]] => [group, nav.filter((route) => (route.group ?? "") === group)])
    .filter(([, places]) => places.length > 0);
}

/** Aujourd’hui, Entreprises, Offres; a role without them gets its own first three. */
export function phonePlaces(nav: typeof routes): typeof routes {
  const wanted = ["Aujourd’hui", "Entreprises", "Offres"];
  const three = nav.filter((route) => wanted.includes(route.nav ?? ""));
  return three.length === 3 ? three : nav.slice(0, 3);
}

function Acting({ session }: { session: Session }) {
  const actFor = useActFor();
  const { organisation, organisations } = session;
  const several = organisations.length > 1;
  const shown = (
    <>
      <NetworkMark network={organisation.network} />
      <span className={style.organisation} title={organisation.name}>
        {organisation.short_name}
      </span>
    </>
  );
  if (!several) return <span className={style.acting}>{shown}</span>;
  return (
    <Menu
      named
      label={`${organisation.short_name} : changer de structure`}
      className={classes(style.acting, style.actingButton)}
      trigger={
        <>
          {shown}
          <span className="hidden-visually"> : changer de structure</span>
          <Icon name="down" size={14} />
        </>
      }
      groups={[
        {
          id: "organisations",
          title: "Agir pour",
          items: organisations.map((item) => ({
            id: String(item.id),
            label: item.name,
            detail: roles[item.role] ?? item.role,
            before: <NetworkMark network={item.network} />,
            current: item.id === organisation.id,
            run: () => void (item.id !== organisation.id && actFor(item.id)),
          })),
        },
      ]}
    />
  );
}

function Member({ session, onHelp }: { session: Session; onHelp: () => void }) {
  const leave = useLeave();
  useTheme();
  const groups: MenuGroup[] = [
    {
      id: "theme",
      title: "Apparence",
      items: (["system", "light", "dark"] as const).map((id) => ({
        id,
        label: { system: "Comme le système", light: "Claire", dark: "Sombre" }[id],
        icon: id,
        current: choice() === id,
        run: () => choose(id),
      })),
    },
    {
      id: "member",
      items: [
        { id: "keys", label: "Raccourcis du clavier", icon: "keys", run: onHelp },
        { id: "leave", label: "Se déconnecter", icon: "leave", run: () => void leave() },
      ],
    },
  ];
  return (
    <Menu
      label={`${session.member.name} : compte`}
      trigger={
        <>
          <Icon name="member" size={18} />
          <span className={style.memberName}>{session.member.name}</span>
        </>
      }
      groups={groups}
    />
  );
}

/** Quiet unless something is wrong; then one line, announced once. */
function Connection() {
  const live = useLive();
  const [shown, show] = useState(false);
  const wrong = live === "lost" || live === "offline";
  useEffect(() => {
    if (!wrong) return show(false);
    const timer = setTimeout(() => show(true), 1500);
    return () => clearTimeout(timer);
  }, [wrong]);
  return (
    <div role="status" className={classes(style.connection, "no-print")}>
      {shown && wrong && (
        <p className={style.banner}>
          <Icon name="offline" />
          {live === "offline"
            ? "Vous êtes hors ligne. Ce que vous saisissez est gardé sur cet appareil."
            : "Connexion au serveur interrompue, nouvelle tentative en cours. L’affichage peut dater."}
        </p>
      )}
    </div>
  );
}

