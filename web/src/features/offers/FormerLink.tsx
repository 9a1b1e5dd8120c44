// Links to employers stood behind a # once, and are good for seven days: this leads on to the page that answers them now.
import { useEffect } from "react";

export default function FormerLink() {
  useEffect(() => window.location.replace(`/employeur/${encodeURIComponent(window.location.hash.slice(1)) || "-"}`), []);
  return null;
}
