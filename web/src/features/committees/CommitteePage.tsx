// One document of a committee: read, commented in place, printed, handed on as a workbook, frozen.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { address, api, newKey } from "@/api/client";
import { pack as packQuery } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate, useParameters } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { hasDraft } from "@/ui/drafts";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { keyboardTo } from "@/ui/OpenedHeading";
import { Page } from "@/ui/Page";
import { Failure, Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { french } from "@/words/typography";
import { Comment, draftOf, Said, type Writing } from "./Comment";
import { Document } from "./Document";
import style from "./Committees.module.css";
import { parts, short, type Pack, type Part } from "./words";

const NewPack = lazy(() => import("./NewPack"));

export default function CommitteePage() {
  const { id } = useParameters();
  const { data, isError, error, refetch } = useQuery(packQuery(Number(id)));
  // A document that is no longer there stays on the screen: something may have been typed in it.
  if (data) return <Loaded key={data.id} pack={data} isGone={error instanceof Refusal && error.code === "not_found"} />;
  if (isError) return <Page title="Dossier de comité"><Failure error={error} onRetry={() => void refetch()} /></Page>;
  return <Page title="Dossier de comité"><Skeleton rows={12} /></Page>;
}

/** The button that prints. */
const printing = "print-pack";

/** Why a text keeps its document from being frozen. */
const unsettled: Record<Exclude<Writing, "kept">, string> = {
  waits: "enregistrement en cours…",
  failed: "pas encore enregistré ; nouvel essai dans quelques secondes.",
  refused: "refusé tel qu’il est ; corrigez-le d’abord.",
  taken: "quelqu’un d’autre a écrit entre-temps ; choisissez d’abord quel texte garder.",
};

function Loaded({ pack, isGone }: { pack: Pack; isGone: boolean }) {
  const session = useSession();
  const [asking, setAsking] = useState<"freeze" | "drop" | "edit" | null>(null);
  const froze = useRef(false);
  const [writings, setWritings] = useState<Partial<Record<Part, Writing>>>({});
  const onWriting = useCallback((part: Part, writing: Writing) => setWritings((before) => (before[part] === writing ? before : { ...before, [part]: writing })), []);
  const open = (Object.entries(writings) as [Part, Writing][]).flatMap(([part, writing]) => (writing === "kept" ? [] : [{ part, why: unsettled[writing] }]));
  const isManager = session.role === "manager" || session.role === "administrator";
  const writer = isManager && !pack.frozen && !isGone;
  // What was read goes along: nothing is frozen that came in between.
  const read = { version: pack.version, comments: Object.fromEntries(Object.entries(pack.comments).map(([part, { version }]) => [part, version])) };
  const freeze = useWrite(() => api.post("/api/packs/{id}/freeze", { path: { id: pack.id }, key: newKey(), body: read }), {
    touches: [["packs"]],
    quiet: true,
    done: (made) => ({ text: "Dossier figé.", detail: `Ses chiffres ne changent plus. Empreinte ${short(made.frozen?.hash ?? "")}.` }),
    onDone: () => {
      setAsking(null);
      froze.current = true;
    },
  });
  // The button that was pressed is gone once the document is frozen: what one does next takes the keyboard.
  useEffect(() => {
    if (!froze.current || !pack.frozen || asking) return;
    froze.current = false;
    keyboardTo(`#${printing}`);
  }, [pack.frozen, asking]);
  const refused = (error: unknown) => {
    setAsking(null);
    if (!(error instanceof Refusal)) return toast("Le dossier n’a pas pu être figé.", { tone: "danger" });
    const moved = error.code === "pack_comments_moved" ? Object.keys(error.extra["comments"] as object) : [];
    toast(error.title, { tone: "danger", detail: moved.length > 0 ? moved.map((part) => parts[part as Part]).join(", ") : error.detail });
  };
  const drop = useWrite(() => api.post("/api/packs/{id}/drop", { path: { id: pack.id } }), { touches: [["packs"]], done: () => "Dossier abandonné.", onDone: () => navigate("/comites") });
  return (
    <Page
      title={french(pack.title)}
      aside={
        <span className="no-print">
          {pack.frozen ? (
            <Badge tone="good" icon="reserved" title={`Empreinte SHA-256 : ${pack.frozen.hash}`}>
              Figé, {short(pack.frozen.hash)}
            </Badge>
          ) : isGone ? (
            <Badge tone="neutral" icon="close">
              Abandonné
            </Badge>
          ) : (
            <Badge tone="neutral" icon="edit">
              Brouillon, chiffres du jour
            </Badge>
          )}
        </span>
      }
      actions={
        <>
          <LinkButton small look="quiet" icon="back" href="/comites">
            Tous les dossiers
          </LinkButton>
          <LinkButton small icon="download" href={address("/api/packs/{id}/workbook.xlsx", { id: pack.id })} download>
            Classeur (XLSX)
          </LinkButton>
          <Button id={printing} small icon="print" onPress={() => window.print()}>
            Imprimer ou PDF
          </Button>
          {writer && (
            <>
              <Button small look="primary" icon="reserved" onPress={() => setAsking("freeze")}>
                Figer
              </Button>
              <Menu
                label="Autres actions"
                trigger={<Icon name="menu" size={16} />}
                groups={[{ id: "more", items: [{ id: "edit", label: "Modifier le périmètre ou la période", icon: "edit", run: () => setAsking("edit") }, { id: "drop", label: "Abandonner ce brouillon", icon: "close", run: () => setAsking("drop") }] }]}
              />
            </>
          )}
        </>
      }
    >
      <Document
        content={pack.content}
        seal={pack.frozen ?? undefined}
        keeps={(part) => isManager && ((writings[part] ?? "kept") !== "kept" || hasDraft(draftOf(pack.id, part)))}
        comment={(part) =>
          isManager ? (
            <Comment key={pack.id} pack={pack} part={part} ended={pack.frozen ? "figé" : isGone ? "abandonné" : null} hurry={asking === "freeze"} onWriting={onWriting} />
          ) : (
            <Said text={pack.content.comments[part]?.text} />
          )
        }
      />
      {asking === "edit" && (
        <Suspense fallback={null}>
          <NewPack pack={pack} onClose={() => setAsking(null)} />
        </Suspense>
      )}
      <Dialog title="Figer ce dossier" isOpen={asking === "freeze"} onClose={() => setAsking(null)}>
        <p className={style.words}>Les chiffres, les cartes et les commentaires sont gardés tels qu’ils sont en ce moment, et ne changent plus, quoi qu’il arrive ensuite dans la liste. Les observateurs reçoivent leur édition : comptes arrondis, commentaires mot pour mot.</p>
        <div role="status">
          {open.length > 0 && (
            <ul className={style.open}>
              {open.map(({ part, why }) => (
                <li key={part}>
                  « {parts[part]} » : {why}
                </li>
              ))}
            </ul>
          )}
        </div>
        <Actions>
          <Button look="primary" isPending={freeze.isPending} isDisabled={open.length > 0} onPress={() => freeze.mutate(undefined, { onError: refused })}>
            Figer le dossier
          </Button>
          <Button look="quiet" onPress={() => setAsking(null)}>
            Annuler
          </Button>
        </Actions>
      </Dialog>
      <Dialog title="Abandonner ce brouillon" isOpen={asking === "drop"} onClose={() => setAsking(null)}>
        <p className={style.words}>Le brouillon et ses commentaires quittent la liste des dossiers.</p>
        <Actions>
          <Button look="danger" isPending={drop.isPending} onPress={() => drop.mutate(undefined)}>
            Abandonner
          </Button>
          <Button look="quiet" onPress={() => setAsking(null)}>
            Annuler
          </Button>
        </Actions>
      </Dialog>
    </Page>
  );
}
