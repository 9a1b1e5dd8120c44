// The inbox: one line per reminder or question, what it is about, and what one does with it.
import { useState } from "react";
import { api } from "@/api/client";
import type { Task } from "@/api/queries";
import { useWrite } from "@/api/write";
import { Button, LinkButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Due } from "@/ui/Due";
import { Icon, type IconName } from "@/ui/Icon";
import { Link } from "@/ui/Link";
import { Menu } from "@/ui/Menu";
import { When } from "@/ui/When";
import { isoDay, longDay, now } from "@/words/time";
import { plural, posts } from "@/words/number";
import { french } from "@/words/typography";
import { employerSaid } from "@/features/offers/words";
import { transferState } from "@/features/promises/words";
import { referralState } from "@/words/domain";
import style from "./TodayPage.module.css";

const icons: Record<Task["kind"], IconName> = {
  "offer.correct": "edit",
  "offer.answered": "mail",
  "referral.answer": "contact",
  "offer.opening": "reserved",
  "offer.unserved": "search",
  "offer.closing": "clock",
  "promise.due": "promise",
  "referral.answered": "contact",
  "transfer.answer": "transfer",
  "transfer.answered": "transfer",
  "visit.invited": "team",
  "visit.answered": "team",
  "proposal.answer": "forward",
  "team.agree": "team",
  "report.due": "note",
  "action.due": "due",
  "report.late": "note",
  "action.late": "due",
  "need.recontact": "phone",
  "need.expiring": "need",
  "lead.answer": "alert",
  "lead.follow": "alert",
  "feed.failing": "alert",
  "feed.held": "alert",
};

/** What is said under the title, by kind. */
function detail(task: Task): string | null {
  switch (task.kind) {
    case "offer.correct":
      return task.comment ? `« ${french(task.comment)} »` : null;
    case "offer.answered":
      return task.employer && `${task.employer.by} ${employerSaid(task.employer.answer, task.employer.posts)}${task.comment ? `\u202f: « ${french(task.comment)} »` : "."}`;
    case "referral.answer":
      return task.referral && `Dossier ${task.referral.reference}`;
    case "referral.answered":
      return task.referral && `Dossier ${task.referral.reference} : ${(referralState[task.referral.state]?.label ?? "").toLowerCase()}${task.referral.refusal ? ` (${task.referral.refusal.toLowerCase()})` : ""}`;
    case "offer.opening":
      return task.offer?.opens_at ? `S’ouvre à tous le ${longDay(task.offer.opens_at)} : relancer les réseaux destinataires, ou l’ouvrir plus tôt.` : null;
    case "offer.unserved":
      return "Relancer les partenaires ou revoir l’offre avec l’employeur.";
    case "offer.closing":
      return task.offer?.closes_at ? `Expire le ${longDay(task.offer.closes_at)} : demander à l’employeur si le poste est toujours à pourvoir.` : null;
    case "promise.due":
      return "Aucune visite n’est prévue.";
    case "transfer.answer":
      return task.transfer && `${task.transfer.partner} ${task.transfer.kind === "give" ? "vous propose son engagement" : "demande votre engagement"}${task.transfer.text ? `\u202f: « ${french(task.transfer.text)} »` : "."}`;
    case "transfer.answered":
      return task.transfer && `${task.transfer.partner} : ${transferState[task.transfer.state]}${task.transfer.text ? `, « ${french(task.transfer.text)} »` : ""}.`;
    case "visit.invited":
      return "Un partenaire propose d’aller ensemble au même rendez-vous.";
    case "visit.answered":
      return "La réponse est sur la visite.";
    case "proposal.answer":
      return "Rendu ou échu chez un partenaire : votre structure est la mieux placée.";
    case "team.agree":
      return task.team && `« ${task.team} » attend l’accord de votre structure.`;
    case "report.due":
      return "La visite a eu lieu : qu’en est-il sorti ?";
    case "report.late":
      return task.author ? `Visite de ${task.author.name}.` : null;
    case "action.due":
      return task.action ? french(task.action) : null;
    case "need.recontact":
      return "Aucun autre partenaire ne l’appelle : confirmer ses besoins, ou noter qu’aucun poste n’est vacant.";
    case "need.expiring":
      return task.need && `${task.need.rome_label}, ${posts(task.need.posts)} : le besoin tient-il toujours ?`;
    case "lead.answer":
    case "lead.follow":
      return task.lead && `Signalé par ${task.lead.from}.`;
    case "feed.failing":
      return task.feed?.error ? `Trois lectures ont échoué. ${french(task.feed.error)}` : "Trois lectures ont échoué.";
    case "feed.held":
      return task.feed?.missing ? `${plural(task.feed.missing, "offre n’y est plus", "offres n’y sont plus")} : les retirer, ou les garder.` : "Des offres n’y sont plus : les retirer, ou les garder.";
    case "action.late":
      return [task.action && french(task.action), task.author?.name].filter(Boolean).join(", ");
  }
}

const inDays = (days: number) => isoDay(new Date(now().getTime() + days * 86_400_000));

const AT_FIRST = 5;

/** The first few; the visits of the day stay in sight. */
export function Tasks({ tasks, withMember }: { tasks: Task[]; withMember: boolean }) {
  const [all, showAll] = useState(false);
  const shown = all ? tasks : tasks.slice(0, AT_FIRST);
  return (
    <>
      <ul className={style.box}>
        {shown.map((task) => (
          <TaskLine key={task.id} task={task} withMember={withMember} />
        ))}
      </ul>
      {shown.length < tasks.length && (
        <Button small look="quiet" icon="down" onPress={() => showAll(true)}>
          Voir les {tasks.length - AT_FIRST} autres
        </Button>
      )}
    </>
  );
}

function TaskLine({ task, withMember }: { task: Task; withMember: boolean }) {
  const touches = [["today"]];
  const done = useWrite(() => api.post("/api/tasks/{id}/done", { path: { id: task.id } }), { touches, done: () => "C’est fait." });
  const later = useWrite((on: string) => api.post("/api/tasks/{id}/later", { path: { id: task.id }, body: { on } }), { touches, done: (_, on) => `Remis au ${longDay(on)}.` });
  const subject = task.feed ? { href: `/flux/${task.feed.id}`, name: task.feed.name } : task.lead ? { href: `/signalements/${task.lead.id}`, name: task.lead.employer } : task.offer ? { href: `/suivi-offres/${task.offer.id}`, name: task.offer.title } : task.establishment ? { href: `/entreprises/${task.establishment.id}`, name: task.establishment.name ?? "Sans dénomination" } : task.team ? { href: "/equipes?onglet=equipes", name: task.team } : null;
  const answer = /^(transfer\.answer|visit\.invited|proposal\.answer)$/.test(task.kind);
  const about = detail(task);
  return (
    <li className={classes(style.line, style.task)} data-testid="task">
      <span className={style.taskIcon}>
        <Icon name={icons[task.kind]} size={17} />
      </span>
      <div className={style.grow}>
        <p>
          {subject && (
            <Link href={subject.href} className={style.name}>
              {subject.name}
            </Link>
          )}{" "}
          <span className={style.label}>{french(task.label)}</span>
        </p>
        {about && <p className={style.soft}>{about}</p>}
        {task.offer && task.establishment && (
          <p className={style.soft}>
            <Link href={`/entreprises/${task.establishment.id}`}>{task.establishment.name ?? "Sans dénomination"}</Link>
            {task.establishment.city && `, ${task.establishment.city}`}
            {withMember && task.member && `, ${task.member.name}`}
          </p>
        )}
      </div>
      {(task.kind === "need.recontact" || task.kind === "need.expiring") && (
        <LinkButton small href={task.kind === "need.expiring" && task.need ? `/besoins/${task.need.id}` : `/besoins?employeur=${task.establishment?.id ?? ""}`}>
          Besoins
        </LinkButton>
      )}
      {task.lead && (
        <LinkButton small href={`/signalements/${task.lead.id}`}>
          Signalement
        </LinkButton>
      )}
      {answer && (
        <LinkButton small href="/engagements?onglet=repondre">
          Répondre
        </LinkButton>
      )}
      {task.kind.endsWith(".answered") ? <span className={style.soft}><When at={task.raised_at} /></span> : <Due day={task.due_on} />}
      <Menu
        label={`Ranger : ${french(task.label)}, ${subject?.name ?? ""}`}
        trigger={<Icon name="check" size={17} />}
        groups={[
          {
            id: "all",
            items: [
              { id: "done", label: "C’est fait", icon: "check", run: () => done.mutate(undefined) },
              { id: "tomorrow", label: "Demain", icon: "clock", run: () => later.mutate(inDays(1)) },
              { id: "week", label: "Dans une semaine", icon: "due", run: () => later.mutate(inDays(7)) },
            ],
          },
        ]}
      />
    </li>
  );
}
