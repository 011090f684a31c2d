import { Modal } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";

/**
 * A dialog that is there as long as it is drawn. When it goes, the focus is again where it was before, or on the heading of the page when that
 * is gone too: `Modal` sees to it only when it stays and closes.
 */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // who went to another page, or opened another dialog, has the focus there
      setTimeout(() => {
        if (document.activeElement !== document.body) return;
        const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected;
        const element = isThere ? opener : document.querySelector<HTMLElement>("main h1");
        element?.focus({ preventScroll: true });
      });
    },
    [opener],
  );
  return (
    <Modal opened onClose={onClose} title={title}>
      {children}
    </Modal>
  );
}
