/** Fields of forms: a label, what it is for, what is wrong with it, and the control. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  /** Makes the control: these belong on the `input`, `select` or `textarea`. */
  children: (control: ControlProps) => ComponentChildren;
}

interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && (
        <p class="error" dir="auto" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'children'> {
  value: string;
  onInput: (value: string) => void;
  /** What the field takes; `number` and `url` are checked by the API, which says what is wrong in words. */
  type?: 'text' | 'search' | 'password' | 'date' | 'time';
  autocomplete?: string;
  /** `none`: phones begin with no capital letter. */
  autocapitalize?: 'none';
  placeholder?: string;
}

export function TextField({
  value,
  onInput,
  type = 'text',
  autocomplete = 'off',
  autocapitalize,
  placeholder,
  ...field
}: TextFieldProps) {
  return (
    <Field {...field}>
      {(control) => {
        const input = {
          ...control,
          class: 'input',
          dir: 'auto' as const,
          value,
          autocomplete,
          autocapitalize,
          placeholder,
          onInput: (event: { currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
        };
        // One by one: the types of an input's attributes depend on its kind.
        if (type === 'password') return <input {...input} type="password" />;
        // It finds while one types: the key that ends a search elsewhere does not send the form around it.
        if (type === 'search')
          return (
            <input
              {...input}
              type="search"
              dir="auto"
              onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
            />
          );
        if (type === 'date') return <input {...input} type="date" />;
        if (type === 'time') return <input {...input} type="time" />;
        return <input {...input} type="text" />;
      }}
    </Field>
  );
}

interface ChoiceProps<Value extends string> extends Omit<FieldProps, 'children'> {
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

export function Choice<Value extends string>({ value, options, onChange, ...field }: ChoiceProps<Value>) {
  return (
    <Field {...field}>
      {(control) => (
        <select
          {...control}
          class="input"
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.currentTarget.value);
            if (chosen) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckProps {
  label: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Drawn and announced as a switch: it takes effect at once. */
  isSwitch?: boolean;
}

export function Check({ label, checked, onChange, isSwitch = false }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        role={isSwitch ? 'switch' : undefined}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
