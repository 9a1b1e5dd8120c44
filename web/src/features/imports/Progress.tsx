// Where the worker stands with a file, as it tells it.
import type { Schema } from "@/api/client";
import { percent } from "@/words/number";
import style from "./Desk.module.css";
import { importStep } from "./words";

// The steps in their order, and how much of the whole each has done when it begins.
const shares: Record<string, number> = { waiting: 0, reading: 0, matching: 0.35, creating: 0.5, keeping: 0.6, linking: 0.7, values: 0.8, contacts: 0.95, reverting: 0.5 };

export function Progress({ row }: { row: Schema<"Import"> }) {
  const step = row.progress?.step ?? "waiting";
  const within = step === "reading" && row.progress && row.progress.total > 0 ? Math.min(row.progress.done / row.progress.total, 1) * (row.state === "preview" ? 0.8 : 0.35) : 0;
  const share = row.state === "reverting" ? 0.5 : (shares[step] ?? 0) + within;
  const words = row.progress?.stopping ? "Arrêt demandé" : row.state === "reverting" ? importStep["reverting"] : importStep[step];
  return (
    <div className={style.progress}>
      <div className={style.track} role="progressbar" aria-label="Avancement" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
        <div className={style.done} style={{ width: `${Math.round(share * 100)}%` }} />
      </div>
      <p aria-live="polite">
        {words}… <span className={style.soft}>{share > 0 ? percent(Math.round(share * 100) / 100) : ""}</span>
      </p>
      <p className={style.soft}>Vous pouvez quitter cette page : le travail continue.</p>
    </div>
  );
}
