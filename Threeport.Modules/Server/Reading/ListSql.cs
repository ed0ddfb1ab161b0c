using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;
using Threeport.Server.Storage;
using Threeport.Server.Writing;

namespace Threeport.Server.Reading;

/// <summary>The statement that reads one page. Keyset paging: the token carries where the page before ended, so every page costs the same.</summary>
internal sealed class ListSql
{
    private const string Name = "(data ->> 'name')";

    /// <summary>In the order of creation (<see cref="ResourceIds"/>), and indexed.</summary>
    private const string Id = "id";

    private readonly KindDescriptor _kind;
    private readonly ListQuery _query;
    private readonly FieldExpression _sort;
    private readonly bool _descending;
    private readonly List<NpgsqlParameter> _parameters = [];

    public ListSql(KindDescriptor kind, ListQuery query)
    {
        (_kind, _query) = (kind, query);
        var sort = query.Sort is { Length: > 0 } named ? named : "name";
        _descending = sort[0] is '-';
        var path = _descending ? sort[1..] : sort;
        _sort = path is "age" ? new(Id, FieldType.Text) : FieldExpression.Of(kind, path, "sort");
        // The oldest was created first.
        _descending ^= path is "age";
    }

    /// <summary>No two resources have the same, so nothing else is needed to order them.</summary>
    private bool IsUnique => _sort.Sql is Name or Id;

    /// <summary>Columns: data, mt_version, the sort value as text. One row more than the page, to know whether there is another.</summary>
    public DatabaseCommand Command(PrimaryDatabase database, KindStore store)
    {
        var conditions = _query.Terms.Select(Term).ToList();
        var order = Ordered(_sort.Sql, _sort.Type);
        if (_query.Continue is { } token)
        {
            conditions.Add(After(order, Decode(token)));
        }

        var where = conditions.Count > 0 ? "where " + string.Join(" and ", conditions) : "";
        var direction = _descending ? "desc" : "asc";
        var by = IsUnique ? $"{order} {direction}" : $"{order} {direction}, {Name} {direction}";
        // With a name of its own: "order by id" would otherwise be by the text, which no index has.
        var command = database.CreateCommand(
            $"select data, mt_version, ({order})::text as sort_value from {store.Table} {where} order by {by} limit {_query.Limit + 1}"
        );
        command.Timeout = TimeSpan.FromSeconds(10);
        if (_sort.Parameter is { } label)
        {
            _parameters.Add(new("label", label));
        }

        command.Parameters.AddRange(_parameters.ToArray());
        return command;
    }

    public string Token(string? sortValue, Resource last) =>
        Base64Url.EncodeToString(
            JsonSerializer.SerializeToUtf8Bytes(new Position(Fingerprint(), sortValue ?? "", last.Name))
        );

    private string Term(FilterTerm term)
    {
        var field = FieldExpression.Of(_kind, term.Path);
        var (value, label) = ($"p{_parameters.Count}", $"l{_parameters.Count}");
        _parameters.Add(new(value, Canonical(field.Type, term)));
        if (field.Parameter is { } key)
        {
            _parameters.Add(new(label, key));
        }

        var sql = field.Sql.Replace("@label", $"@{label}");
        return term.Negated ? $"{sql} is distinct from @{value}" : $"{sql} = @{value}";
    }

    /// <summary>The value as JSON writes it, so that 2 finds 2 whether typed 2, +2 or 02; anything else is a 400.</summary>
    private static string Canonical(FieldType type, FilterTerm term) =>
        type switch
        {
            FieldType.Boolean when bool.TryParse(term.Value, out var flag) => flag ? "true" : "false",
            FieldType.Number
                when decimal.TryParse(term.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) =>
                number.ToString("0.############", CultureInfo.InvariantCulture),
            FieldType.Boolean => throw Wrong(term, "true or false"),
            FieldType.Number => throw Wrong(term, "a number"),
            _ => term.Value,
        };

    private static ProblemException Wrong(FilterTerm term, string wanted) =>
        new(Problems.Validation(new ProblemError($"?{term.Path}", $"\"{term.Value}\" is not {wanted}.")));

    private string Ordered(string sql, FieldType type) =>
        type switch
        {
            _ when IsUnique => sql,
            FieldType.Number => $"coalesce({sql}::numeric, '-infinity'::numeric)",
            FieldType.Time => $"coalesce({sql}::timestamptz, '-infinity'::timestamptz)",
            _ => $"coalesce({sql}, '')",
        };

    private string After(string order, Position position)
    {
        var than = _descending ? "<" : ">";
        if (_sort.Sql == Id)
        {
            _parameters.Add(new("lastId", Guid.Parse(position.Value)));
            return $"{Id} {than} @lastId";
        }

        _parameters.Add(new("lastName", position.Name));
        if (_sort.Sql == Name)
        {
            return $"{Name} {than} @lastName";
        }

        _parameters.Add(new("lastValue", position.Value));
        var cast = _sort.Type switch
        {
            FieldType.Number => "::numeric",
            FieldType.Time => "::timestamptz",
            _ => "",
        };
        return $"({order}, {Name}) {than} (@lastValue{cast}, @lastName)";
    }

    private Position Decode(string token)
    {
        try
        {
            if (
                JsonSerializer.Deserialize<Position>(Base64Url.DecodeFromChars(token)) is { } position
                && position.Query == Fingerprint()
                && IsPlace(position)
            )
            {
                return position;
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Said below.
        }

        throw new ProblemException(
            Problems.Validation(
                new ProblemError(
                    "?continue",
                    "Is not a token that this list, with these filters and this sort, ended a page with."
                )
            )
        );
    }

    /// <summary>A token can be made up: what is in it must be what the statement can take.</summary>
    private bool IsPlace(Position position) =>
        position is { Name: { } name, Value: { } value }
        && !name.Contains('\0')
        && !value.Contains('\0')
        && (
            _sort.Sql == Name
            || _sort.Type switch
            {
                _ when _sort.Sql == Id => Guid.TryParse(value, out _),
                FieldType.Number => value is "-Infinity"
                    || decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
                FieldType.Time => value is "-infinity" || IsTime(value),
                _ => true,
            }
        );

    /// <summary>As PostgreSQL writes it: <c>2026-01-31 12:00:00.5+00</c>.</summary>
    private static bool IsTime(string value) =>
        DateTimeOffset.TryParseExact(
            value,
            ["yyyy-MM-dd HH:mm:ss.FFFFFFzz", "yyyy-MM-dd HH:mm:ss.FFFFFFzzz"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _
        );

    private string Fingerprint()
    {
        var said = string.Join('\n', _query.Terms.Select(static t => $"{t.Path}{(t.Negated ? "!=" : "=")}{t.Value}"));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{_kind.Plural}\n{_query.Sort}\n{said}"));
        return Base64Url.EncodeToString(hash.AsSpan(0, 9));
    }

    private sealed record Position(string Query, string Value, string Name);
}
