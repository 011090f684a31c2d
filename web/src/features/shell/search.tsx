import { Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { askOn } from "../../api.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorCard } from "../../ui/error-card.tsx";
import { found } from "./found.ts";

const pauseMs = 150;

/** Finds models, services and pages by a part of their name; arrows choose, Enter goes. */
export default function Search({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [words] = useDebouncedValue(text.trim(), pauseMs);
  const [chosen, setChosen] = useState(0);
  const navigate = useNavigate();
  const id = useId();
  const services = useQuery(askOn("listServices", { pageSize: 1000 }));
  const models = useQuery(
    askOn("listModelNames", {
      pageSize: 8,
      ...(words === "" ? { orderBy: "updated_at DESC" } : { filter: `name ILIKE '%${words.replaceAll("'", "''")}%'` }),
    }),
  );
  const items = found(words, services.data?.items ?? [], models.data?.items ?? []);
  const place = Math.min(chosen, items.length - 1);
  const go = (index: number) => {
    const item = items[index];
    if (item === undefined) return;
    onClose();
    void navigate({ href: item.href });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (items.length > 0) setChosen((place + step + items.length) % items.length);
    } else if (event.key === "Enter") go(place);
  };
  const error = models.error ?? services.error;
  return (
    <Dialog onClose={onClose} title="Search">
      <TextInput
        data-autofocus
        aria-label="Search models, services and pages"
        placeholder="Models, services, pages"
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={items.length > 0 ? `${id}-${place}` : undefined}
        autoComplete="off"
      />
      <Stack gap={2} mt="xs" id={`${id}-list`} role="listbox" aria-label="Found">
        {items.map(({ label, kind, about, href }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
          // biome-ignore lint/a11y/useFocusableInteractive: as aria-activedescendant says
          <div
            key={href}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === place}
            className="shell-found"
            onClick={() => go(index)}
            onMouseMove={() => setChosen(index)}
          >
            <Group justify="space-between" gap="sm" wrap="nowrap">
              <Text size="sm" style={{ minWidth: 0 }} lineClamp={2}>
                {label}
                {about === undefined ? null : (
                  <Text span size="xs" c="dimmed">
                    {" "}
                    {about}
                  </Text>
                )}
              </Text>
              <Text size="xs" c="dimmed">
                {kind}
              </Text>
            </Group>
          </div>
        ))}
      </Stack>
      {error !== null ? <ErrorCard error={error} /> : null}
      {items.length === 0 && models.isFetched && error === null ? (
        <Text size="sm" c="dimmed" p="xs" role="status">
          Nothing is called so.
        </Text>
      ) : null}
    </Dialog>
  );
}
