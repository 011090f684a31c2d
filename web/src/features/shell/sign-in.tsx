import { Alert, Anchor, Button, Code, Container, Group, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ModelyardError } from "../../../../src/contract/errors.ts";
import { signIn } from "../../session.ts";
import { ErrorCard } from "../../ui/error-card.tsx";

/** The code and the page to go to of a one-time link, `/sign-in#<code>&to=/path`; read once and taken out of the address. */
function takeCode(): { code: string; to: string } | undefined {
  if (window.location.pathname !== "/sign-in" || window.location.hash.length < 2) return undefined;
  const [code = "", ...rest] = window.location.hash.slice(1).split("&");
  const to = new URLSearchParams(rest.join("&")).get("to") ?? "/";
  window.history.replaceState(null, "", "/sign-in");
  // one slash only: `//elsewhere` would leave this server
  return { code, to: /^\/(?![/\\])/.test(to) ? to : "/" };
}
const link = takeCode();

/** What signs a browser in: the link of `modelyard open`, or a token. `isAgain`: the session ended while its page was open. */
export default function SignIn({ isAgain }: { isAgain: boolean }) {
  const queries = useQueryClient();
  const [token, setToken] = useState("");
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: async () => {
      if (link !== undefined) window.location.replace(link.to);
      else if (window.location.pathname === "/sign-in") window.location.replace("/");
      // somebody else may have signed in: nothing stays of what was seen before
      else await queries.resetQueries();
    },
  });
  const { mutate } = enter;
  useEffect(() => {
    if (link !== undefined) mutate({ code: link.code });
  }, [mutate]);
  useEffect(() => {
    document.title = "Sign in · Modelyard";
  }, []);
  return (
    <Container size="xs" py="xl" component="main">
      <Stack>
        <Group gap="sm">
          <img src="/assets/icon.svg" width={32} height={32} alt="" />
          <Title order={1}>Sign in to Modelyard</Title>
        </Group>
        {isAgain ? (
          <Alert color="orange" variant="light" role="status" title="Your session has ended">
            It was not used for 12 hours, or its token was revoked. Sign in, and you are back on this page.
          </Alert>
        ) : null}
        <Text>On the machine where it runs, this opens a browser that is signed in:</Text>
        <Code block>modelyard open</Code>
        <Text>
          Elsewhere, use a token. <Anchor href="/docs">What the API takes</Anchor>
        </Text>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate({ token: token.trim() });
          }}
        >
          <Stack>
            <PasswordInput
              label="Token"
              description="Made by modelyard token create"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              autoComplete="off"
              required
            />
            <Button type="submit" loading={enter.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
        {enter.error === null ? null : <Refused error={enter.error} />}
      </Stack>
    </Container>
  );
}

/** Why a sign-in was refused; of a token the server says only what it says of every request. */
function Refused({ error }: { error: unknown }) {
  if (!(error instanceof ModelyardError) || error.code !== "unauthenticated") return <ErrorCard error={error} />;
  return (
    <Alert color="red" role="alert" title="This token is not valid">
      It is mistyped, revoked or expired. An admin makes another one with <Code>modelyard token create</Code>.
    </Alert>
  );
}
