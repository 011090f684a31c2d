import { Button, Collapse, Group, SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { InputOf, OperationName } from "../../../../src/contract/operations.ts";
import { CopyAs } from "../copy-as.tsx";
import { ErrorCard } from "../error-card.tsx";
import { FreshError } from "../fresh-error.tsx";
import { loadPart } from "../load-part.ts";
import { Loaded } from "../loaded.tsx";
import { FieldInput, type FieldInputProps } from "./field-input.tsx";

interface OperationFormProps<Name extends OperationName> {
  operation: Name;
  /** Members that are settled and not shown. */
  given?: Partial<InputOf<Name>>;
  /** Members to fill in, in this order. */
  fields: readonly (keyof InputOf<Name> & string)[];
  /** Members that are seldom filled in: they are folded away until somebody asks. */
  more?: readonly (keyof InputOf<Name> & string)[];
  /** Inputs of their own, where the one that a field's kind gives is not the best. */
  inputs?: Partial<Record<keyof InputOf<Name> & string, (props: FieldInputProps) => ReactNode>>;
  /** What stands in the fields at first. */
  initial?: Partial<InputOf<Name>>;
  /** Names for people, where a member's own does not read well. */
  labels?: Partial<Record<keyof InputOf<Name> & string, string>>;
  /** What the button does, in words. */
  submit: string;
  color?: string;
  /** Something is missing that is not of the form: it can be filled in, and not sent. */
  disabled?: boolean;
  pending: boolean;
  error: unknown;
  onSubmit: (input: InputOf<Name>) => void;
  /** In place of the derived command, where the command line goes another way. */
  command?: (input: InputOf<Name>) => string;
  children?: ReactNode;
}

const schemasQuery = {
  queryKey: ["schemas"],
  queryFn: () => loadPart(() => import("./schemas.ts")),
  staleTime: Number.POSITIVE_INFINITY,
};

/**
 * The form of an operation. Labels, defaults, limits and what is wrong come from the contract, so that the form, the command line and the
 * server say the same; the request it would send can be copied.
 */
export function OperationForm<Name extends OperationName>(props: OperationFormProps<Name>) {
  const schemas = useQuery(schemasQuery);
  return <Loaded query={schemas}>{(loaded) => <Form {...props} schemas={loaded} />}</Loaded>;
}

function Form<Name extends OperationName>({
  operation,
  given,
  fields,
  more = [],
  inputs,
  initial,
  labels,
  submit,
  color,
  disabled = false,
  pending,
  error,
  onSubmit,
  command,
  children,
  schemas: { fieldsOf, problemsOf },
}: OperationFormProps<Name> & { schemas: typeof import("./schemas.ts") }) {
  const [values, setValues] = useState<Record<string, unknown>>({ ...initial });
  const [isTried, setTried] = useState(false);
  const input = { ...given, ...values } as InputOf<Name>;
  const problems = problemsOf(operation, input);
  const shown = isTried ? problems : {};
  const known = fieldsOf(operation);
  const [isOpen, setOpen] = useState(false);
  // what is copied before all is filled in says what is missing, such as NAME
  const missing = fields.filter((member) => known[member]?.required && values[member] === undefined);
  const copied = { ...input, ...Object.fromEntries(missing.map((member) => [member, member.toUpperCase()])) };
  const unshown = Object.entries(shown).filter(
    ([member]) => !([...fields, ...more] as readonly string[]).includes(member),
  );
  const inputOf = (member: keyof InputOf<Name> & string) => {
    const field = known[member];
    if (field === undefined) return null;
    const Input = inputs?.[member] ?? FieldInput;
    return (
      <Input
        key={member}
        field={field}
        label={labels?.[member] ?? labelOf(member)}
        value={values[member]}
        error={shown[member]}
        onChange={(value) => setValues((old) => ({ ...old, [member]: value }))}
      />
    );
  };
  const element = useFirstFocus();
  return (
    <form
      ref={element}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (more.some((member) => member in problems)) setOpen(true);
        if (Object.keys(problems).length === 0) onSubmit(input);
      }}
    >
      <Stack gap="sm">
        {fields.map(inputOf)}
        {children}
        {more.length === 0 ? null : (
          <>
            <Button variant="default" size="xs" w="fit-content" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? "Fewer settings" : "More settings"}
            </Button>
            <Collapse expanded={isOpen}>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
                {more.map(inputOf)}
              </SimpleGrid>
            </Collapse>
          </>
        )}
        {unshown.map(([member, problem]) => (
          <ErrorCard key={member} error={new Error(member === "" ? problem : `${labelOf(member)}: ${problem}`)} />
        ))}
        <FreshError error={error} />
        <Group gap="xs">
          <Button type="submit" loading={pending} disabled={disabled} {...(color === undefined ? {} : { color })}>
            {submit}
          </Button>
          <CopyAs
            operation={operation}
            input={copied}
            {...(command === undefined ? {} : { command: command(copied) })}
          />
        </Group>
      </Stack>
    </form>
  );
}

/** In a dialog the first field has the focus, also when the form came later than the dialog. */
function useFirstFocus() {
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const first = element.current?.querySelector<HTMLElement>("input, select, textarea");
    if (first?.closest("[role=dialog]") == null) return;
    // a dialog that opens with the form focuses what says so, and its first button else
    first.setAttribute("data-autofocus", "true");
    first.focus();
  }, []);
  return element;
}

/** `timeoutMs` as people read it: Timeout ms. */
function labelOf(member: string): string {
  const words = member.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
