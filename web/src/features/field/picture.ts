// A photograph as it leaves the telephone: upright, small enough, without what the camera wrote into it. The server makes it
// anew all the same.
export type PictureKind = "photo" | "card";
export type Picture = { kind: PictureKind; image: string };

export const kindWords: Record<PictureKind, string> = { photo: "Photo", card: "Carte de visite" };

/** Sides and qualities to try, until the picture fits in one request. */
const tries: [side: number, quality: number][] = [[1600, 0.8], [1600, 0.6], [1280, 0.6], [960, 0.5]];
const most = 1_000_000; // characters

/** Where it is kept beside the draft; the moment it was taken follows. */
export const pictureName = (member: number, visit: number): string => `picture:${member}:${visit}:`;

async function base64url(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The picture of a file, base64url; refuses what the browser cannot read as one. */
export async function pictureOf(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    for (const [side, quality] of tries) {
      const text = await base64url(await drawn(bitmap, side, quality));
      if (text.length <= most) return text;
    }
  } finally {
    bitmap.close();
  }
  throw new Error("too large");
}

async function drawn(bitmap: ImageBitmap, side: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const drawing = canvas.getContext("2d");
  if (!drawing) throw new Error("no canvas");
  drawing.fillStyle = "#fff";
  drawing.fillRect(0, 0, canvas.width, canvas.height);
  drawing.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (!blob) throw new Error("no picture");
  return blob;
}

/** To show what is kept: a data address, which the policy of our pages lets pictures have. */
export const shown = (image: string): string => `data:image/jpeg;base64,${image.replaceAll("-", "+").replaceAll("_", "/")}`;
