// What can be done to many employers at once.
import type { IconName } from "@/ui/Icon";

export type Act = "make" | "hand" | "return" | "transfer" | "team";

/** How many in one request. */
export const MOST = 500;

/** What an act on promises may change on any page. */
export const bulkTouches = [["establishments"], ["establishment"], ["today"], ["map"], ["visits"], ["promises"], ["transfers"], ["proposals"]];

export const acts: Record<Act, { title: string; confirm: string; icon: IconName }> = {
  make: { title: "Promettre des visites", confirm: "S’engager", icon: "promise" },
  hand: { title: "Confier à un ou une collègue", confirm: "Confier", icon: "member" },
  return: { title: "Rendre des engagements", confirm: "Rendre", icon: "undo" },
  transfer: { title: "Proposer un transfert", confirm: "Proposer", icon: "transfer" },
  team: { title: "Confier à une équipe commune", confirm: "Confier", icon: "team" },
};
