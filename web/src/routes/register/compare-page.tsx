import { Group, Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { Differences } from "../../features/register/compare/differences.tsx";
import { VersionPicker } from "../../features/register/compare/version-picker.tsx";
import { readReference } from "../../features/register/compare/version-reference.ts";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/page.tsx";

const route = getRouteApi("/register/compare");

export function ComparePage() {
  const { a, b } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (side: "a" | "b") => (reference: string) =>
    void navigate({ search: (old) => ({ ...old, [side]: reference }), replace: true });
  const [left, right] = [readReference(a), readReference(b)];
  return (
    <Page
      title={a === undefined || b === undefined ? "Compare versions" : `${a} and ${b}`}
      actions={
        <>
          <OpenVersion label="Open the first" version={left} />
          <OpenVersion label="Open the second" version={right} />
        </>
      }
    >
      <Group gap="md" align="flex-start">
        <VersionPicker label="First" value={a} other={b} onChange={choose("a")} />
        <VersionPicker label="Second" value={b} other={a} onChange={choose("b")} />
      </Group>
      {left === undefined || right === undefined ? (
        <Text c="dimmed">
          Choose two versions: metrics, signature, files, tags and properties are put side by side.
        </Text>
      ) : (
        <Differences a={left} b={right} />
      )}
    </Page>
  );
}

function OpenVersion({ label, version }: { label: string; version: ReturnType<typeof readReference> }) {
  return version === undefined ? null : (
    <ButtonLink
      to="/register/models/$name/$version"
      params={{ name: version.name, version: String(version.version) }}
      variant="default"
      size="xs"
    >
      {label}
    </ButtonLink>
  );
}
