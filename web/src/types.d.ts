// The build of MapLibre that takes its worker from a file instead of a blob, so that the policy can stay strict.
declare module "maplibre-gl/dist/maplibre-gl-csp" {
  import maplibre from "maplibre-gl";
  export default maplibre;
}
