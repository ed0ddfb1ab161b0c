using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

internal static class Users
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateUser"] = Create;
        operations["GetUser"] = static call => [new XElement("User", Content(Named(call)))];
        operations["ListUsers"] = static call => call.IamPage(call.Account.Iam.Users.Values, "Users", Content);
        operations["DeleteUser"] = Delete;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var users = call.Account.Iam.Users;
        var name = call.Parameters.Required("UserName");
        if (users.ContainsKey(name))
        {
            throw IamAnswers.Exists($"User with name {name} already exists.");
        }

        var user = new User(call.Account.Id, call.PathOrRoot(), name, call.Now).With(call.IamTags());
        users.Add(name, user);
        return [new XElement("User", Content(user))];
    }

    private static XElement?[] Delete(QueryCall call)
    {
        var user = Named(call);
        if (call.Account.AccessKeys.Values.Any(key => key.User == user.Name))
        {
            throw IamAnswers.Conflict("Cannot delete entity, must delete access keys first.");
        }

        call.Account.Iam.Users.Remove(user.Name);
        return [];
    }

    /// <summary>Without a name it is who calls.</summary>
    private static User Named(QueryCall call)
    {
        var users = call.Account.Iam.Users;
        return call.Parameters["UserName"] is { } name
            ? users.GetValueOrDefault(name) ?? throw IamAnswers.Missing($"The user with name {name} cannot be found.")
            : users.Values.FirstOrDefault(user => user.Arn == call.Caller.Arn)
                ?? throw new AwsException(
                    "ValidationError",
                    "Must specify userName when calling with non-User credentials"
                );
    }

    private static XElement?[] Content(User user) =>
        [
            Xml.Text("Path", user.Path),
            Xml.Text("UserName", user.Name),
            Xml.Text("UserId", user.Id),
            Xml.Text("Arn", user.Arn),
            Xml.Time("CreateDate", user.Created),
            user.Tags.Count > 0 ? Xml.Members("Tags", user.Tags, IamAnswers.TagContent) : null,
        ];
}
