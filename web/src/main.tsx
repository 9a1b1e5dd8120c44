import "./style/tokens.css";
import "./style/base.css";
import "./style/ground.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components";
import { Refusal } from "./api/refusal";
import { App } from "./features/shell/App";
import { Router } from "./router";
import { applyTheme } from "./style/theme";

applyTheme();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Only what may pass is tried again: the server away or too busy.
      retry: (count, error) => count < 2 && error instanceof Refusal && (error.status === 0 || error.status === 503),
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
