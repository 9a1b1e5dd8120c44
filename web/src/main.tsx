import "./style/tokens.css";
import "./style/base.css";
import "./style/ground.css";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components";
import { Refusal } from "./api/refusal";
import { App } from "./features/shell/App";
import { Router } from "./router";
import { applyTheme } from "./style/theme";

applyTheme();

// The server away or too busy: asking again may help.
const passes = (error: unknown) => error instanceof Refusal && [0, 502, 503, 504].includes(error.status);

const queries = new QueryClient({
  // What is shown stays, and with it the form that somebody is filling in.
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.state.data !== undefined && passes(error)) query.setState({ status: "success", error: null });
    },
  }),
  defaultOptions: {
    queries: {
      retry: (count, error) => count < 2 && passes(error),
      refetchOnWindowFocus: false,
      staleTime: 15_000,
    },
  },
});

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <I18nProvider locale="fr-FR">
      <QueryClientProvider client={queries}>
        <Router>
          <App />
        </Router>
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
