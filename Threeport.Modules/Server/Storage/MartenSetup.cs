using JasperFx;
using Marten;
using Threeport.Api;
using Threeport.Runtime;
using Threeport.Server.Resources;
using Weasel.Core;

namespace Threeport.Server.Storage;

/// <summary>Tells Marten what there is to store.</summary>
internal static class MartenSetup
{
    public static void Configure(StoreOptions options, KindCatalog kinds, DataKeys keys)
    {
        options.DatabaseSchemaName = KindStore.Schema;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.UseSystemTextJsonForSerialization(StorageJson.Create(keys), EnumStorage.AsString, Casing.CamelCase);
        foreach (var kind in kinds.Kinds)
        {
            kind.Accept(new KindMapping(options, kind));
        }

        options
            .Schema.For<HistoryRow>()
            .DocumentAlias("history")
            .Index(x => x.Name, static i => i.Name = "history_name");
        options.Storage.ExtendedSchemaObjects.Add(Tables.OutboxTable());
        options.Storage.ExtendedSchemaObjects.Add(Tables.ReconcileStateTable());
        options.Storage.ExtendedSchemaObjects.Add(Tables.EventsTable());
        options.Storage.ExtendedSchemaObjects.Add(Tables.TokensTable());
        options.Storage.ExtendedSchemaObjects.Add(Tables.CertificatesTable());
        options.Storage.ExtendedSchemaObjects.Add(Tables.AuditTable());
        options.Storage.ExtendedSchemaObjects.Add(Tables.DataKeysTable());
        options.Storage.ExtendedSchemaObjects.Add(Tables.SettingsTable());
    }

    private sealed class KindMapping(StoreOptions options, KindDescriptor kind) : IKindVisitor
    {
        public object? Visit<T>()
            where T : Resource, IKind
        {
            var alias = KindStore.Alias(kind);
            options
                .Schema.For<T>()
                .DocumentAlias(alias)
                .UniqueIndex($"{alias}_name", x => x.Name)
                .UseNumericRevisions(true)
                .Metadata(static m => m.Revision.MapTo(x => x.Revision));
            return null;
        }
    }
}
