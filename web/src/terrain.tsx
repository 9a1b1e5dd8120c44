// The entry of the field app: /terrain, on a telephone, with or without a network.
import "./style/tokens.css";
import "./style/ground.css";
import "./style/field.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { FieldApp } from "./features/field/FieldApp";
import { start } from "./features/field/store";
import { applyTheme } from "./style/theme";

applyTheme();
// What is kept is being read while the first screen is drawn.
void start();
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <FieldApp />
  </StrictMode>,
);
if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/terrain-sw.js", { scope: "/terrain" });
// Asks the browser not to throw away what was not sent yet.
void navigator.storage?.persist?.();
