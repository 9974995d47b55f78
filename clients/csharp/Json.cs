// A small reader and writer of JSON (RFC 8259), so that the client needs no package.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace PasswebTelegram
{
    /// <summary>What the generated classes are: they can be written as JSON.</summary>
    public interface IJsonObject
    {
        void WriteTo(JsonWriter writer);
    }

    /// <summary>A text that is no JSON, or JSON of another shape than the API promises.</summary>
    public sealed class JsonException : Exception
    {
        public JsonException(string message) : base(message) { }
    }

    /// <summary>
    /// A value that may also be taken away: <c>Optional&lt;string&gt;.Null</c> is sent as <c>null</c>; one that was never set
    /// is not sent at all.
    /// </summary>
    public struct Optional<T>
    {
        private readonly T value;

        public Optional(T value)
        {
            this.value = value;
            IsSet = true;
        }

        /// <summary>Whether anything is sent.</summary>
        public bool IsSet { get; }

        public T Value
        {
            get { return value; }
        }

        /// <summary>Takes the value away.</summary>
        public static Optional<T> Null
        {
            get { return new Optional<T>(default(T)); }
        }

        public static implicit operator Optional<T>(T value)
        {
            return new Optional<T>(value);
        }
    }

    /// <summary>Writes JSON. Numbers and dates are written alike in every culture.</summary>
    public sealed class JsonWriter
    {
        private readonly StringBuilder text = new StringBuilder();
        private bool needsComma;

        public static string Write(object value)
        {
            var writer = new JsonWriter();
            writer.Value(value);
            return writer.text.ToString();
        }

        public void BeginObject()
        {
            Separate();
            text.Append('{');
            needsComma = false;
        }

        public void EndObject()
        {
            text.Append('}');
            needsComma = true;
        }

        /// <summary>Writes a property, unless its value is <c>null</c>.</summary>
        public void Property(string name, object value)
        {
            if (value == null) return;
            Name(name);
            Value(value);
        }

        /// <summary>Writes a property, also with <c>null</c>, unless it was never set.</summary>
        public void Property<T>(string name, Optional<T> value)
        {
            if (!value.IsSet) return;
            Name(name);
            Value(value.Value);
        }

        /// <summary>Writes a text, a number, a boolean, a date, an object, a map, a list, or <c>null</c>.</summary>
        public void Value(object value)
        {
            if (value is IJsonObject) ((IJsonObject)value).WriteTo(this);
            else if (value is string) Append(Quoted((string)value));
            else if (value is IDictionary) Map((IDictionary)value);
            else if (value is IEnumerable) List((IEnumerable)value);
            else Append(Scalar(value));
        }

        private static string Scalar(object value)
        {
            if (value == null) return "null";
            if (value is bool) return (bool)value ? "true" : "false";
            if (value is DateTimeOffset)
                return Quoted(((DateTimeOffset)value).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture));
            if (value is DateTime)
                throw new JsonException("A DateTime does not say its time zone: use a DateTimeOffset.");
            if (value is float || value is double)
            {
                var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                if (double.IsNaN(number) || double.IsInfinity(number)) throw new JsonException("JSON has no such number.");
                return number.ToString("R", CultureInfo.InvariantCulture);
            }
            if (value is decimal || value is int || value is long || value is short || value is byte)
                return ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
            throw new JsonException("JSON has no value of the type " + value.GetType() + ".");
        }

        private void Map(IDictionary map)
        {
            BeginObject();
            foreach (DictionaryEntry entry in map)
            {
                Name(Convert.ToString(entry.Key, CultureInfo.InvariantCulture));
                Value(entry.Value);
            }
            EndObject();
        }

        private void List(IEnumerable list)
        {
            Separate();
            text.Append('[');
            needsComma = false;
            foreach (var entry in list) Value(entry);
            text.Append(']');
            needsComma = true;
        }

        private void Name(string name)
        {
            Separate();
            text.Append(Quoted(name)).Append(':');
            needsComma = false;
        }

        private void Append(string written)
        {
            Separate();
            text.Append(written);
            needsComma = true;
        }

        private void Separate()
        {
            if (needsComma) text.Append(',');
        }

        private static string Quoted(string value)
        {
            var quoted = new StringBuilder(value.Length + 2).Append('"');
            for (var index = 0; index < value.Length; index++)
            {
                var character = value[index];
                var isPair = char.IsHighSurrogate(character)
                    && index + 1 < value.Length
                    && char.IsLowSurrogate(value[index + 1]);
                if (isPair) quoted.Append(character).Append(value[++index]);
                else if (character == '"' || character == '\\') quoted.Append('\\').Append(character);
                // Half a character would be lost on the way: so the API sees it, and says so.
                else if (character < ' ' || char.IsSurrogate(character))
                    quoted.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
                else quoted.Append(character);
            }
            return quoted.Append('"').ToString();
        }
    }

    /// <summary>
    /// Reads JSON: objects become <see cref="IDictionary{TKey,TValue}"/>, lists <see cref="IList{T}"/>, numbers
    /// <see cref="decimal"/> or <see cref="double"/>.
    /// </summary>
    public sealed class JsonReader
    {
        private const int MaxDepth = 64;
        private readonly string text;
        private int at;

        private JsonReader(string text)
        {
            this.text = text;
        }

        /// <exception cref="JsonException">It is no JSON.</exception>
        public static object Read(string text)
        {
            var reader = new JsonReader(text);
            var value = reader.Value(0);
            reader.SkipSpace();
            if (reader.at < text.Length) throw reader.Wrong();
            return value;
        }

        private object Value(int depth)
        {
            if (depth > MaxDepth) throw new JsonException("This JSON is nested too deeply.");
            SkipSpace();
            switch (Peek())
            {
                case '{':
                    return Object(depth);
                case '[':
                    return List(depth);
                case '"':
                    return Text();
                case 't':
                    return Word("true", true);
                case 'f':
                    return Word("false", false);
                case 'n':
                    return Word("null", null);
                default:
                    return Number();
            }
        }

        private object Object(int depth)
        {
            var found = new Dictionary<string, object>();
            at++;
            SkipSpace();
            if (TryTake('}')) return found;
            do
            {
                SkipSpace();
                var name = Text();
                SkipSpace();
                if (!TryTake(':')) throw Wrong();
                found[name] = Value(depth + 1);
                SkipSpace();
            }
            while (TryTake(','));
            if (!TryTake('}')) throw Wrong();
            return found;
        }

        private object List(int depth)
        {
            var found = new List<object>();
            at++;
            SkipSpace();
            if (TryTake(']')) return found;
            do
            {
                found.Add(Value(depth + 1));
                SkipSpace();
            }
            while (TryTake(','));
            if (!TryTake(']')) throw Wrong();
            return found;
        }

        private string Text()
        {
            if (!TryTake('"')) throw Wrong();
            var found = new StringBuilder();
            while (Peek() != '"')
            {
                var character = Peek();
                at++;
                found.Append(character == '\\' ? Escaped() : character);
            }
            at++;
            return found.ToString();
        }

        private char Escaped()
        {
            var character = Peek();
            at++;
            switch (character)
            {
                case 'b':
                    return '\b';
                case 'f':
                    return '\f';
                case 'n':
                    return '\n';
                case 'r':
                    return '\r';
                case 't':
                    return '\t';
                case '"':
                case '\\':
                case '/':
                    return character;
                case 'u':
                    ushort code;
                    if (at + 4 > text.Length
                        || !ushort.TryParse(text.Substring(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code))
                        throw Wrong();
                    at += 4;
                    return (char)code;
                default:
                    throw Wrong();
            }
        }

        private object Number()
        {
            var start = at;
            while (at < text.Length && "+-.0123456789eE".IndexOf(text[at]) >= 0) at++;
            var written = text.Substring(start, at - start);
            decimal exact;
            double number;
            if (decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out exact)) return exact;
            if (double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out number)) return number;
            throw Wrong();
        }

        private object Word(string word, object value)
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) throw Wrong();
            at += word.Length;
            return value;
        }

        private bool TryTake(char character)
        {
            if (at >= text.Length || text[at] != character) return false;
            at++;
            return true;
        }

        private char Peek()
        {
            if (at >= text.Length) throw Wrong();
            return text[at];
        }

        private void SkipSpace()
        {
            while (at < text.Length && " \t\r\n".IndexOf(text[at]) >= 0) at++;
        }

        private JsonException Wrong()
        {
            return new JsonException("This is no JSON, from character " + at + ".");
        }
    }

    /// <summary>How the generated classes read what <see cref="JsonReader"/> has read.</summary>
    internal static class JsonValue
    {
        public static IDictionary<string, object> Object(object json)
        {
            var found = json as IDictionary<string, object>;
            if (found == null) throw new JsonException("An object was promised.");
            return found;
        }

        public static object Get(IDictionary<string, object> json, string name)
        {
            object value;
            return json.TryGetValue(name, out value) ? value : null;
        }

        public static object Any(object json)
        {
            return json;
        }

        public static string Text(object json)
        {
            return json as string;
        }

        public static bool? Boolean(object json)
        {
            return json as bool?;
        }

        public static int? Int32(object json)
        {
            return json == null ? (int?)null : Convert.ToInt32(json, CultureInfo.InvariantCulture);
        }

        public static long? Int64(object json)
        {
            return json == null ? (long?)null : Convert.ToInt64(json, CultureInfo.InvariantCulture);
        }

        public static decimal? Decimal(object json)
        {
            return json == null ? (decimal?)null : Convert.ToDecimal(json, CultureInfo.InvariantCulture);
        }

        public static DateTimeOffset? Instant(object json)
        {
            if (json == null) return null;
            return DateTimeOffset.Parse((string)json, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        }

        public static T One<T>(object json, Func<object, T> read) where T : class
        {
            return json == null ? null : read(json);
        }

        public static IList<T> List<T>(object json, Func<object, T> read)
        {
            if (json == null) return null;
            var found = new List<T>();
            foreach (var entry in (IEnumerable)json) found.Add(read(entry));
            return found;
        }

        public static IDictionary<string, T> Map<T>(object json, Func<object, T> read)
        {
            if (json == null) return null;
            var found = new Dictionary<string, T>();
            foreach (var entry in Object(json)) found[entry.Key] = read(entry.Value);
            return found;
        }
    }
}
