using Threeport.Runtime;
using Threeport.Server.Access.RoleBindings;
using Threeport.Server.Access.Roles;

namespace Threeport.Server.Access;

/// <summary>The kinds that say who may do what. They belong to the API layer, which is what heeds them.</summary>
public sealed class AccessModule : IModule
{
    public string Name => "access";

    public void Configure(ModuleBuilder module)
    {
        module.Kind<Role>();
        module.Kind<RoleBinding>();
    }
}
