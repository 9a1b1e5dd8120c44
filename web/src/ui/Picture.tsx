// A photograph: in a small frame that opens it, or in full.
import { Button as AriaButton } from "react-aria-components";
import style from "./Picture.module.css";

export function Picture({ src, alt, width, height, onOpen }: { src: string; alt: string; width: number; height: number; onOpen?: () => void }) {
  const image = <img src={src} alt={alt} width={width} height={height} loading="lazy" className={onOpen ? style.small : style.full} />;
  return onOpen ? (
    <AriaButton className={style.frame} onPress={onOpen}>
      {image}
    </AriaButton>
  ) : (
    image
  );
}
