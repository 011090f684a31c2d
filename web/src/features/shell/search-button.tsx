import { Kbd } from "@mantine/core";

/** Opens the search; says which key does. */
export function SearchButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button type="button" className="shell-search" onClick={onOpen} aria-label="Search" aria-keyshortcuts="/">
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <circle cx="7" cy="7" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="m10.5 10.5 4 4" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      </svg>
      <span className="shell-search-words">
        Search <Kbd size="xs">/</Kbd>
      </span>
    </button>
  );
}
