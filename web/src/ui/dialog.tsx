import { Modal } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";

interface DialogProps {
  title: string;
  onClose: () => void;
  size?: string;
  children: ReactNode;
}

/**
 * A dialog. When it goes, the focus is again where it was before, or on the heading of the page when that is gone too: `Modal` by itself gives it
 * back moments after it was told to close, and loses it when its content took it once more meanwhile.
 */
export function Dialog({ opened = true, ...dialog }: { opened?: boolean } & DialogProps) {
  return opened ? <OpenDialog {...dialog} /> : null;
}

function OpenDialog({ children, ...dialog }: DialogProps) {
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
    <Modal opened {...dialog}>
      {children}
    </Modal>
  );
}
