import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "./Button";
import { classes } from "./classes";
import style from "./Dialog.module.css";

type DialogProps = {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
  alert?: boolean;
};

export function Dialog({ title, isOpen, onClose, children, wide, alert }: DialogProps) {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable={!alert} className={style.veil}>
      <Modal className={classes(style.modal, wide && style.wide)}>
        <AriaDialog className={style.dialog} role={alert ? "alertdialog" : "dialog"}>
          <header className={style.head}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label="Fermer" icon="close" small onPress={onClose} />
          </header>
          <div className={style.body}>{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The row of buttons that ends a form: what is confirmed comes first in reading order, last to the right. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className={style.actions}>{children}</div>;
}
