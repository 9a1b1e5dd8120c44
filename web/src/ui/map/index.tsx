// The map comes in its own chunk, after the list: nobody waits for it.
import { lazy, Suspense } from "react";
import { Later } from "../States";
import style from "./Map.module.css";
import type { MapProps } from "./types";

const MapCanvas = lazy(() => import("./MapCanvas"));

export function preloadMap(): void {
  void import("./MapCanvas");
}

export function MapView(props: MapProps) {
  return (
    <Suspense
      fallback={
        <div className={style.waiting}>
          <Later>Chargement de la carte</Later>
        </div>
      }
    >
      <MapCanvas {...props} />
    </Suspense>
  );
}

export type * from "./types";
