// One document of a committee: read, commented in place, printed, handed on as a workbook, frozen.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { address, api, newKey } from "@/api/client";
import { pack as packQuery } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { navigate, useParameters } from "@/router";
import { Badge } from "@/ui/Badge";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Page } from "@/ui/Page";
import { Failure, Skeleton } from "@/ui/States";
import { french } from "@/words/typography";
import { Comment, Said } from "./Comment";
import { Document } from "./Document";
import style from "./Committees.module.css";
import { short, type Pack } from "./words";

const NewPack = lazy(() => import("./NewPack"));

export default function CommitteePage() {
  const { id } = useParameters();
  const { data, isError, error, refetch } = useQuery(packQuery(Number(id)));
  if (isError) return <Page title="Dossier de comité"><Failure error={error} onRetry={() => void refetch()} /></Page>;
  if (!data) return <Page title="Dossier de comité"><Skeleton rows={12} /></Page>;
  return <Loaded key={data.id} pack={data} />;
}

function Loaded({ pack }: { pack: Pack }) {
  const session = useSession();
  const [asking, setAsking] = useState<"freeze" | "drop" | "edit" | null>(null);
  const [key] = useState(newKey);
  const writer = (session.role === "manager" || session.role === "administrator") && !pack.frozen;
  const freeze = useWrite(() => api.post("/api/packs/{id}/freeze", { path: { id: pack.id }, key }), {
    touches: [["packs"]],
    done: (made) => ({ text: "Dossier figé.", detail: `Ses chiffres ne changent plus. Empreinte ${short(made.frozen?.hash ?? "")}.` }),
    onDone: () => setAsking(null),
  });
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
          <LinkButton small icon="download" href={address("/api/packs/{id}/workbook.xlsx", { id: pack.id })} download="comite.xlsx">
            Classeur (XLSX)
          </LinkButton>
          <Button small icon="print" onPress={() => window.print()}>
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
        comment={(part) => (writer ? <Comment pack={pack.id} part={part} kept={pack.comments[part]} /> : <Said text={pack.content.comments[part]?.text} />)}
      />
      {asking === "edit" && (
        <Suspense fallback={null}>
          <NewPack pack={pack} onClose={() => setAsking(null)} />
        </Suspense>
      )}
      <Dialog title="Figer ce dossier" isOpen={asking === "freeze"} onClose={() => setAsking(null)}>
        <p className={style.words}>Les chiffres, les cartes et les commentaires sont gardés tels qu’ils sont en ce moment, et ne changent plus, quoi qu’il arrive ensuite dans la liste. Les observateurs reçoivent leur édition.</p>
        <Actions>
          <Button look="primary" isPending={freeze.isPending} onPress={() => freeze.mutate(undefined)}>
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
