// Every page, one line each. Each comes in its own chunk.
import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import type { Session } from "./api/queries";
import type { IconName } from "./ui/Icon";

type Role = Session["role"];
export type Page = LazyExoticComponent<ComponentType>;

export type Route = {
  path: string;
  title: string;
  page: Page;
  load: () => Promise<{ default: ComponentType }>;
  /** Absent: any member. "everyone": without signing in. */
  roles?: Role[] | "everyone";
  icon?: IconName;
  /** Shown in the navigation, in this order; the first three and "Plus" on a phone. */
  nav?: string;
  /** Under which caption of the side bar; none: above them all. */
  group?: Group;
};

/** What one goes there to do, in the order of the side bar. */
export const groups = { prospect: "Prospecter", recruit: "Recruter", steer: "Piloter", list: "Tenir la liste", administer: "Administrer" } as const;
type Group = keyof typeof groups;

const staff: Role[] = ["adviser", "manager", "administrator"];

function route(path: string, title: string, load: Route["load"], rest: Partial<Route> = {}): Route {
  return { path, title, load, page: lazy(load), ...rest };
}

export const routes: Route[] = [
  route("/aujourdhui", "Aujourd’hui", () => import("./features/today/TodayPage"), { roles: staff, icon: "today", nav: "Aujourd’hui" }),
  route("/entreprises/:id?", "Entreprises", () => import("./features/establishments/EstablishmentsPage"), { roles: staff, icon: "companies", nav: "Entreprises", group: "prospect" }),
  route("/segments/:id?", "Segments", () => import("./features/segments/SegmentsPage"), { roles: staff, icon: "segment", nav: "Segments", group: "prospect" }),
  route("/segments/:id/regle", "Règle d’un segment", () => import("./features/segments/EditorPage"), { roles: staff }),
  route("/plans", "Plans de prospection", () => import("./features/plans/PlansPage"), { roles: staff, icon: "agreement", nav: "Plans", group: "prospect" }),
  route("/plans/:id", "Plan de prospection", () => import("./features/plans/PlanPage"), { roles: staff }),
  route("/engagements", "Engagements", () => import("./features/promises/PromisesPage"), { roles: staff, icon: "promise", nav: "Engagements", group: "prospect" }),
  route("/agenda", "Agenda", () => import("./features/week/AgendaPage"), { roles: staff, icon: "due", nav: "Agenda", group: "prospect" }),
  route("/agenda/equipe", "Semaine de l’équipe", () => import("./features/week/TeamPage"), { roles: staff }),
  route("/agenda/feuille", "Feuille de tournée", () => import("./features/week/RoundSheetPage"), { roles: staff }),
  route("/appels", "Appels", () => import("./features/week/CallsPage"), { roles: ["adviser", "manager"], icon: "phone", nav: "Appels", group: "prospect" }),
  route("/visites", "Visites", () => import("./features/visits/VisitsPage"), { roles: staff, icon: "visits", nav: "Visites", group: "prospect" }),
  route("/visites/:id/compte-rendu", "Compte rendu de visite", () => import("./features/visits/ReportPage"), { roles: staff }),
  route("/suivi-offres/:id?", "Offres", () => import("./features/offers/OffersPage"), { icon: "offers", nav: "Offres", group: "recruit" }),
  route("/besoins/:id?", "Besoins", () => import("./features/needs/NeedsPage"), { roles: staff, icon: "need", nav: "Besoins", group: "recruit" }),
  route("/signalements/:id?", "Signalements", () => import("./features/leads/LeadsPage"), { roles: [...staff, "contributor"], icon: "alert", nav: "Signalements", group: "recruit" }),
  route("/candidatures", "Candidatures proposées", () => import("./features/offers/ReferralsPage"), { roles: staff }),
  route("/flux/:id?", "Flux d’offres", () => import("./features/feeds/FeedsPage"), { roles: staff, icon: "imports", nav: "Flux d’offres", group: "recruit" }),
  route("/couverture", "Couverture", () => import("./features/coverage/CoveragePage"), { roles: [...staff, "observer"], icon: "map", nav: "Couverture", group: "steer" }),
  route("/indicateurs", "Indicateurs", () => import("./features/indicators/IndicatorsPage"), { roles: [...staff, "observer"], icon: "today", nav: "Indicateurs", group: "steer" }),
  route("/diagnostic", "Diagnostic de territoire", () => import("./features/diagnosis/DiagnosisPage"), { roles: [...staff, "observer"], icon: "place", nav: "Diagnostic", group: "steer" }),
  route("/comites", "Comités", () => import("./features/committees/CommitteesPage"), { roles: [...staff, "observer"], icon: "note", nav: "Comités", group: "steer" }),
  route("/comites/comparer", "Comparer deux dossiers", () => import("./features/committees/ComparePage"), { roles: [...staff, "observer"] }),
  route("/comites/:id", "Dossier de comité", () => import("./features/committees/CommitteePage"), { roles: [...staff, "observer"] }),
  route("/equipes", "Équipes et absences", () => import("./features/teams/TeamsPage"), { roles: staff, icon: "team", nav: "Équipes", group: "steer" }),
  route("/annuaire/:id?", "Annuaire des acteurs", () => import("./features/directory/DirectoryPage"), { icon: "actors", nav: "Annuaire", group: "steer" }),
  route("/imports/:id?", "Imports", () => import("./features/imports/ImportsPage"), { roles: staff, icon: "imports", nav: "Imports", group: "list" }),
  route("/doublons/:id?", "Doublons", () => import("./features/reviews/ReviewsPage"), { roles: staff, icon: "review", nav: "Doublons", group: "list" }),
  route("/oppositions", "Oppositions et données personnelles", () => import("./features/privacy/PrivacyPage"), { roles: staff, icon: "opposed", nav: "Oppositions", group: "list" }),
  route("/administration/cles", "Clés d’API", () => import("./features/admin/KeysPage"), { roles: ["manager", "administrator"], icon: "reserved", nav: "Clés et canaux", group: "administer" }),
  route("/administration/canaux", "Canaux", () => import("./features/admin/ChannelsPage"), { roles: ["manager", "administrator"] }),
  route("/documentation", "Documentation de l’API", () => import("./features/reference/ApiPage"), { roles: "everyone" }),
  route("/questionnaire", "Questions des comptes rendus", () => import("./features/questionnaire/QuestionnairePage"), { roles: ["manager", "administrator"], icon: "note", nav: "Questions", group: "administer" }),
  route("/confirmation", "Votre offre", () => import("./features/offers/FormerLink"), { roles: "everyone" }),
  route("/plus", "Plus", () => import("./features/shell/MorePage"), {}),
  route("/connexion", "Connexion", () => import("./features/session/SignInPage"), { roles: "everyone" }),
];

export function allowed(of: Route, role: Role | undefined): boolean {
  if (of.roles === "everyone") return true;
  if (role === undefined) return false;
  return of.roles === undefined || of.roles.includes(role);
}

/** Where a member lands: an observer on the map, a contributor on the leads it sent. */
export function home(role: Role): string {
  if (role === "observer") return "/couverture";
  if (role === "contributor") return "/signalements";
  return "/aujourdhui";
}
