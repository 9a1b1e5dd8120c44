// Chooses the page from the address, and who may see it.
import { QueryErrorResetBoundary, useQuery, useQueryClient } from "@tanstack/react-query";
import { Component, Suspense, useEffect, useMemo, useRef, type ReactNode } from "react";
import { onSignedOut } from "@/api/client";
import { session as sessionQuery, site as siteQuery } from "@/api/queries";
import { listen } from "@/api/live";
import { Refusal } from "@/api/refusal";
import { match, navigate, ParametersContext, usePlace } from "@/router";
import { allowed, home, routes } from "@/routes";
import { LinkButton } from "@/ui/Button";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Toasts } from "@/ui/Toast";
import { Shell } from "./Shell";

class Fence extends Component<{ children: ReactNode; onReset: () => void }, { error: unknown }> {
  override state = { error: null as unknown };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error === null) return this.props.children;
    const retry = () => {
      this.props.onReset();
      this.setState({ error: null });
    };
    return <Failure alone error={this.state.error} onRetry={retry} />;
  }
}

export function App() {
  const { path, search } = usePlace();
  const queries = useQueryClient();
  const me = useQuery(sessionQuery);
  const { data: site } = useQuery(siteQuery);

  useEffect(() => {
    onSignedOut(() => {
      if (window.location.pathname === "/connexion" || !queries.getQueryData(sessionQuery.queryKey)) return;
      const back = window.location.pathname + window.location.search;
      queries.clear();
      navigate(`/connexion?retour=${encodeURIComponent(back)}`, { replace: true });
    });
  }, [queries]);

  const signedIn = me.data !== undefined;
  const organisation = me.data?.organisation.id;
  useEffect(() => (signedIn ? listen(queries) : undefined), [signedIn, organisation, queries]);

  const found = useMemo(() => {
    for (const route of routes) {
      const parameters = match(route.path, path);
      if (parameters) return { route, parameters };
    }
    return null;
  }, [path]);
  const route = found?.route;
  const open = route?.roles === "everyone";
  const nobody = me.isError && me.error instanceof Refusal && me.error.status === 401;

  useEffect(() => {
    if (path === "/" && me.data) navigate(home(me.data.role), { replace: true });
    else if (nobody && !open) navigate(path === "/" ? "/connexion" : `/connexion?retour=${encodeURIComponent(path + search)}`, { replace: true });
    else if (path === "/connexion" && me.data) navigate(home(me.data.role), { replace: true });
  }, [path, search, me.data, nobody, open]);

  // Another page: its title is said, and the keyboard starts from its content.
  const title = route?.title ?? "Page introuvable";
  const previous = useRef(route?.path);
  useEffect(() => {
    document.title = `${title} · ${site?.name ?? "Maillage"}`;
    if (previous.current !== route?.path) document.getElementById("contenu")?.focus({ preventScroll: true });
    previous.current = route?.path;
  }, [title, route?.path, site?.name]);

  const Page = route?.page;
  const inner = (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Fence key={route?.path ?? path} onReset={reset}>
          <Suspense fallback={<Skeleton rows={10} />}>
            {!found || !Page ? (
              <Message alone icon="search" title="Cette page n’existe pas." action={<LinkButton href="/">Revenir à l’accueil</LinkButton>} />
            ) : !allowed(found.route, me.data?.role) ? (
              <Message alone icon="reserved" title="Cette page n’est pas ouverte à votre rôle." action={<LinkButton href="/">Revenir à l’accueil</LinkButton>}>
                {me.data?.role === "observer" ? "Les services observateurs voient les chiffres du territoire, pas les dossiers des employeurs." : undefined}
              </Message>
            ) : (
              <Page />
            )}
          </Suspense>
        </Fence>
      )}
    </QueryErrorResetBoundary>
  );

  // A server that stumbles later on leaves the page as it is.
  if (me.isError && !me.data && !nobody && !open) {
    return (
      <main id="contenu">
        <Failure alone error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  if (path === "/" || (!open && !me.data)) return null;

  return (
    <ParametersContext value={found?.parameters ?? {}}>
      {open ? (
        <>
          {inner}
          <Toasts within="corner" />
        </>
      ) : (
        me.data && <Shell session={me.data}>{inner}</Shell>
      )}
    </ParametersContext>
  );
}
