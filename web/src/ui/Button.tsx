import type { ReactNode } from "react";
import { Button as AriaButton, Link as AriaLink, type ButtonProps as AriaButtonProps } from "react-aria-components";
import style from "./Button.module.css";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";

type Look = "plain" | "primary" | "quiet" | "danger";

type Common = {
  look?: Look;
  small?: boolean;
  wide?: boolean;
  icon?: IconName;
  children?: ReactNode;
  className?: string;
};

export type ButtonProps = Common & Omit<AriaButtonProps, "className" | "children" | "style">;

const classOf = ({ look = "plain", small, wide, className }: Common) =>
  classes(style.button, style[look], small && style.small, wide && style.wide, className);

export function Button({ look, small, wide, icon, children, className, isPending, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} isPending={isPending} className={classOf({ look, small, wide, className })}>
      {icon && <Icon name={icon} />}
      {children && <span className={style.text}>{children}</span>}
    </AriaButton>
  );
}

/** A button that shows only its icon: the label is read aloud and shown on hover. */
export function IconButton({ label, icon, small, look = "quiet", className, ...rest }: ButtonProps & { label: string; icon: IconName }) {
  return (
    <span title={label} className={style.holder}>
      <AriaButton {...rest} aria-label={label} className={classes(classOf({ look, small, className }), style.square)}>
        <Icon name={icon} size={small ? 15 : 17} />
      </AriaButton>
    </span>
  );
}

/** Goes somewhere, looks like a button. */
export function LinkButton({
  href, look, small, wide, icon, children, className, download, target,
}: Common & { href: string; download?: boolean | string; target?: string }) {
  return (
    <AriaLink href={href} download={download} target={target} className={classOf({ look, small, wide, className })}>
      {icon && <Icon name={icon} />}
      <span className={style.text}>{children}</span>
    </AriaLink>
  );
}
