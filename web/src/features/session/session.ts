// Who is signed in and for whom they act.
import { useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { adopt, session as sessionQuery, type Session } from "@/api/queries";
import { clearDrafts } from "@/ui/drafts";
import { forgetWeek } from "@/features/field/week";
import { backOf } from "@/features/session/back";
import { home } from "@/routes";
import { navigate } from "@/router";

/** The session of a page that is only shown to members. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

export async function signIn(queries: QueryClient, email: string, password: string): Promise<void> {
  const session = adopt(await api.post("/api/session", { body: { email, password } }));
  queries.clear();
  queries.setQueryData(sessionQuery.queryKey, session);
  navigate(backOf(window.location.search, window.location.origin) ?? home(session.role), { replace: true });
}

export function useLeave(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await api.remove("/api/session").catch(() => undefined);
    clearDrafts();
    await forgetWeek();
    queries.clear();
    navigate("/connexion");
  };
}

export function useActFor(): (organisation: number) => Promise<void> {
  const queries = useQueryClient();
  return async (organisation) => {
    const session = adopt(await api.put("/api/session", { body: { organisation } }));
    queries.setQueryData(sessionQuery.queryKey, session);
    navigate(home(session.role));
    // What is on the screen belongs to the other organisation: forgotten, and asked again.
    void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
  };
}
